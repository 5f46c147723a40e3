// Listens to what other processes report: on a connection of its own, by publish/subscribe.
import type { IoredisClient, NodeRedisClient } from './client.js';
import type { ScriptResult } from './script.js';
import { decodeResult } from './script.js';
import type { Subscription } from './subscription.js';
import { subscribe } from './subscription.js';

/** What a gate does with news. */
export interface NewsOwner {
  /** Another process has changed the state of a key. */
  onNews(redisKey: string, news: ScriptResult): void;
  /** News may have been missed: it begins to listen, or listens again. */
  onListening(): void;
  /** The client cannot be duplicated, or Redis refuses to let it listen. */
  onRefused(error: unknown): void;
}

export class Listener {
  /** Tells this process from the others. */
  readonly process = crypto.randomUUID();
  /** True while news arrives. */
  listening = false;
  #subscription: Subscription | undefined;
  #begun = false;

  /** @param channel - Where news is published. */
  constructor(
    readonly client: IoredisClient | NodeRedisClient,
    readonly channel: string,
    readonly owner: NewsOwner,
  ) {}

  /** Begins to listen, once. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#subscription = subscribe(this.client, this.channel, {
      onMessage: (text) => this.#onMessage(text),
      onListening: (listening) => {
        this.listening = listening;
        if (listening) this.owner.onListening();
      },
      onRefused: (error) => this.owner.onRefused(error),
    });
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#begun = true;
    this.listening = false;
    const subscription = this.#subscription;
    this.#subscription = undefined;
    await subscription?.close();
  }

  /** Anybody may publish on the channel: what is no news is ignored. */
  #onMessage(text: string): void {
    try {
      const [process, redisKey, reply] = JSON.parse(text) as unknown[];
      if (process !== this.process) this.owner.onNews(String(redisKey), decodeResult(reply));
    } catch {
      // No JSON, or not what the script publishes.
    }
  }
}

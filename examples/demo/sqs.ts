import type { Clock } from '../../src/index.js';

/** What a function is called with. */
export interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface Message {
  readonly DelaySeconds: number;
  readonly MessageBody: string;
}

/** What happens now and then. */
interface Mishaps {
  /** The message of this number, from 1 on, is refused. */
  readonly refuses: number;
  /** Whether a message is delivered twice. */
  isDoubled(body: string): boolean;
}

/** How long a message that was delivered is out of sight (ms); it comes again unless it is deleted. */
const VISIBILITY = 900_000;

/**
 * As much of SQS as matters here, on any clock: it delays for 900 s at most, in whole seconds, delivers
 * at least once, and keeps a message whose function throws.
 */
export class Sqs {
  /** The function that it calls, with one message at a time. */
  handler: (event: SqsEvent) => Promise<unknown> = async () => {};
  /** What messages were delayed for (s). */
  readonly delays: number[] = [];
  readonly #clock: Clock;
  readonly #mishaps: Mishaps;
  #sent = 0;

  constructor(clock: Clock, mishaps: Mishaps) {
    this.#clock = clock;
    this.#mishaps = mishaps;
  }

  async sendMessage({ DelaySeconds, MessageBody }: Message): Promise<void> {
    if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > 900) {
      throw new RangeError(`DelaySeconds takes an integer from 0 to 900; got ${DelaySeconds}`);
    }
    this.#sent += 1;
    if (this.#sent === this.#mishaps.refuses) throw new Error('the queue refused the message');
    this.delays.push(DelaySeconds);
    const event = { Records: [{ messageId: `${this.#sent}`, body: MessageBody }] };
    this.#clock.setTimeout(() => void this.#deliver(event), DelaySeconds * 1000);
  }

  async #deliver(event: SqsEvent): Promise<void> {
    const comesAgain = this.#clock.setTimeout(() => void this.#deliver(event), VISIBILITY);
    try {
      await this.handler(event);
      this.#clock.clearTimeout(comesAgain);
      if (this.#mishaps.isDoubled(event.Records[0]?.body ?? '')) await this.handler(event);
    } catch {
      // It stays, and comes again.
    }
  }
}

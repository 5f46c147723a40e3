import type { RetryCall, RetryGate, RetryHost, RetryPlace } from '../core/extensions.js';
import { Alarms } from '../wait/monotonic-timers.js';
import type { WaitEnd } from '../wait/wait-list.js';
import { CallKeys } from './key.js';
import { GateKey } from './limiter.js';
import type { GateSettings } from './options.js';
import type { Pacer } from './rate-limiter.js';

/** So many keys are kept before those without requests are looked for and forgotten. */
const ROOM = 256;

/**
 * What paces a key that has been refused.
 *
 * @param changed - To be called when it has learned from elsewhere that something may be sent.
 */
export type MakePacer = (name: string, alarms: Alarms, changed: () => void) => Pacer;

/** A gate at each key: made when a request comes, forgotten when it is idle. */
export class KeyedGate implements RetryGate {
  readonly #settings: GateSettings;
  readonly #makePacer: MakePacer;
  readonly #names: CallKeys;
  readonly #keys = new Map<string, GateKey>();
  #alarms: Alarms | undefined;
  #room = ROOM;

  constructor(settings: GateSettings, makePacer: MakePacer) {
    this.#settings = settings;
    this.#makePacer = makePacer;
    this.#names = new CallKeys(settings.key);
  }

  attach({ clock }: RetryHost): void {
    this.#alarms ??= new Alarms(clock, () => {
      for (const key of this.#keys.values()) key.show();
    });
  }

  ready(call: RetryCall): RetryPlace | undefined {
    return this.#keyOf(call).enter(call);
  }

  async wait(call: RetryCall, host: RetryHost): Promise<RetryPlace | WaitEnd> {
    return this.#keyOf(call).stand(call, host);
  }

  #keyOf(call: RetryCall): GateKey {
    const name = this.#names.of(call);
    const known = this.#keys.get(name);
    if (known && !known.stale) return known;
    if (!known && this.#keys.size >= this.#room) this.#forgetIdle();
    const key = this.#make(name);
    this.#keys.set(name, key);
    return key;
  }

  #make(name: string): GateKey {
    const alarms = this.#alarms as Alarms;
    const { startWith, maxWaiting } = this.#settings;
    const pacer = (changed: () => void): Pacer => this.#makePacer(name, alarms, changed);
    return new GateKey({ alarms, startWith, maxWaiting, pacer });
  }

  /** Costs each new key a constant time on average, whatever there is. */
  #forgetIdle(): void {
    for (const [name, key] of this.#keys) if (key.idle) this.#keys.delete(name);
    this.#room = Math.max(ROOM, 2 * this.#keys.size);
  }
}

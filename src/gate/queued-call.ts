import type { RetryCall, RetryHost, RetryPlace } from '../core/extensions.js';
import type { Abortable } from '../wait/abort.js';
import type { Wait, WaitEnd, Waiter } from '../wait/wait-list.js';
import { RetryGateError } from './error.js';

/** What somebody who stands in line needs of the gate. */
export interface Turnstile {
  readonly mayHurry: boolean;
  /** A place out of turn. */
  hurry(call: RetryCall): RetryPlace;
  /** One has left the line without its turn. */
  left(): void;
}

/** A call that stands in line at a gate. */
export class Standing implements Waiter {
  /** Whether it stands there no more, be it that it still waits to be handed over. */
  over = false;
  #wait: Wait | undefined;
  #place: RetryPlace | undefined;

  constructor(
    readonly call: RetryCall,
    readonly host: RetryHost,
    readonly gate: Turnstile,
    readonly settle: (end: RetryPlace | WaitEnd) => void,
  ) {}

  get abortable(): Abortable {
    return this.call.abortable;
  }

  describe(): ReturnType<RetryCall['describe']> {
    return this.call.describe();
  }

  mayHurry(): boolean {
    return !this.over && this.gate.mayHurry;
  }

  /** @param dueAt - Epoch milliseconds, the earliest possible time; `delay` until then. */
  begin(dueAt: number, delay: number): void {
    this.#wait = this.host.waits.begin(this, dueAt, delay, 'gate');
  }

  admit(place: RetryPlace): void {
    this.over = true;
    this.#place = place;
    this.#wait?.end('due');
  }

  waited(end: WaitEnd): void {
    if (end === 'hurried') this.#place = this.gate.hurry(this.call);
    this.#leave();
    this.settle(this.#place ?? end);
  }

  /**
   * The gate is closed: waits until `notBefore`, if it may wait that long.
   *
   * @param closedFor - Milliseconds from now.
   */
  closed(notBefore: number, closedFor: number): void {
    const { maxDelay, maxElapsed } = this.call.limits;
    if (closedFor > maxDelay) {
      this.#leave();
      void this.#handOver(notBefore, closedFor);
    } else if (this.#elapsed() + closedFor > maxElapsed) {
      this.#wait?.end(this.#refusal(notBefore, closedFor, `maxElapsed (${maxElapsed} ms)`));
    } else if (this.#wait && this.#wait.dueAt !== notBefore) this.#wait.move(notBefore);
  }

  /** Milliseconds since the first send, if there was one. */
  #elapsed(): number {
    const { limits, firstSentAt } = this.call;
    const counts = limits.maxElapsed < Infinity && this.describe().retryNumber > 0;
    return counts ? this.host.clock.now() - firstSentAt : 0;
  }

  async #handOver(notBefore: number, closedFor: number): Promise<void> {
    const { call, host } = this;
    try {
      const { status } = this.describe();
      const error = await host.deferral?.defer(call, { notBefore, status, cause: undefined });
      const limit = `maxDelay (${call.limits.maxDelay} ms)`;
      this.#wait?.end(error ?? this.#refusal(notBefore, closedFor, limit));
    } catch (error) {
      this.#wait?.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #refusal(notBefore: number, closedFor: number, limit: string): RetryGateError {
    const message = `the gate is closed for another ${Math.ceil(closedFor)} ms, longer than ${limit}`;
    return new RetryGateError('ERR_GATE_CLOSED', message, this.call.next(), notBefore);
  }

  #leave(): void {
    if (this.over) return;
    this.over = true;
    this.gate.left();
  }
}

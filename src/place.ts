import type { GateOutcome, RetryCall, RetryGate, RetryHost } from './ports.js';
import type { WaitEnd } from './wait.js';

/** A call's place at the gate: taken before each send, given back once after it. */
export class Place {
  #taken = false;

  constructor(
    readonly gate: RetryGate,
    readonly call: RetryCall,
    readonly host: RetryHost,
  ) {}

  /** Takes a place, if there is one now. */
  ready(): boolean {
    this.#taken ||= this.gate.ready(this.call);
    return this.#taken;
  }

  /** Takes a place, if need be after standing in line. Returns how the wait ended where it got none. */
  async pass(): Promise<WaitEnd | undefined> {
    if (this.ready()) return undefined;
    const end = await this.gate.wait(this.call, this.host).catch(asEnd);
    this.#taken = end === 'due' || end === 'hurried';
    return this.#taken ? undefined : end;
  }

  leave(outcome: GateOutcome): void {
    if (!this.#taken) return;
    this.#taken = false;
    this.gate.leave(this.call, outcome);
  }
}

/** A gate refuses with an error as well as with an end. */
function asEnd(refusal: unknown): Error {
  return refusal instanceof Error ? refusal : new Error(String(refusal));
}

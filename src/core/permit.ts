import type { WaitEnd } from '../wait/wait-list.js';
import type { GateOutcome, RetryCall, RetryGate, RetryHost, RetryPlace } from './extensions.js';

/** A call's place at the gate: taken before each send, given back once after it. */
export class Place {
  #taken: RetryPlace | undefined;

  constructor(
    readonly gate: RetryGate,
    readonly call: RetryCall,
    readonly host: RetryHost,
  ) {}

  /** Takes a place, if there is one now. */
  ready(): boolean {
    this.#taken ??= this.gate.ready(this.call);
    return this.#taken !== undefined;
  }

  /** Takes a place, if need be after standing in line. Returns how the wait ended where it got none. */
  async pass(): Promise<WaitEnd | undefined> {
    if (this.ready()) return undefined;
    const end = await this.gate.wait(this.call, this.host).catch(asEnd);
    if (typeof end !== 'object' || !('leave' in end)) return end;
    this.#taken = end;
    return undefined;
  }

  leave(outcome: GateOutcome): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.leave(outcome);
  }
}

/** A gate refuses with an error as well as with an end. */
function asEnd(refusal: unknown): Error {
  return refusal instanceof Error ? refusal : new Error(String(refusal));
}

import type { WaitResult } from '../wait/wait-list.js';
import type {
  AttachedInstance,
  GateOutcome,
  RetryCall,
  RetryGate,
  RetryPermit,
} from './extensions.js';

/** A call's place at the gate: taken before each send, given back once after it. */
export class CallPermit {
  #held: RetryPermit | undefined;

  constructor(
    readonly gate: RetryGate,
    readonly call: RetryCall,
    readonly host: AttachedInstance,
  ) {}

  /** Takes a place, if there is one now. */
  tryAcquire(): boolean {
    this.#held ??= this.gate.tryAcquire(this.call);
    return this.#held !== undefined;
  }

  /** Takes a place, if need be after standing in line. Returns how the wait ended where it got none. */
  async acquire(): Promise<WaitResult | undefined> {
    if (this.tryAcquire()) return undefined;
    const result = await this.gate.acquire(this.call, this.host).catch(toFailed);
    if ('type' in result) return result;
    this.#held = result;
    return undefined;
  }

  release(outcome: GateOutcome): void {
    const taken = this.#held;
    this.#held = undefined;
    taken?.release(outcome);
  }
}

/** A gate may also refuse by rejecting. */
function toFailed(reason: unknown): WaitResult {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  return { type: 'failed', error };
}

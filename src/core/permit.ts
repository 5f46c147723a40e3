// The gate's permit that a call holds during each send.
import type { WaitResult } from '../wait/wait-list.js';
import type {
  AttachedInstance,
  GateOutcome,
  RetryCall,
  RetryGate,
  RetryPermit,
} from './extensions.js';

/** Acquired before each send and released once after it. */
export class CallPermit {
  #held: RetryPermit | undefined;

  constructor(
    readonly gate: RetryGate,
    readonly call: RetryCall,
    readonly instance: AttachedInstance,
  ) {}

  /** Acquires the permit if the gate has one now. */
  tryAcquire(): boolean {
    this.#held ??= this.gate.tryAcquire(this.call);
    return this.#held !== undefined;
  }

  /**
   * Acquires the permit, waiting at the gate if need be.
   *
   * @returns How the wait ended, if it ended without a permit.
   */
  async acquire(): Promise<WaitResult | undefined> {
    if (this.tryAcquire()) return undefined;
    const result = await this.gate.acquire(this.call, this.instance).catch(toFailed);
    if (!isPermit(result)) return result;
    this.#held = result;
    return undefined;
  }

  /** True if the gate has closed since. */
  get expired(): boolean {
    return this.#held?.isExpired?.() === true;
  }

  release(outcome: GateOutcome, headers?: object): void {
    const held = this.#held;
    this.#held = undefined;
    held?.release(outcome, headers);
  }
}

/** Asks for the method, because a user's gate may add other fields or resolve with anything. */
function isPermit(result: RetryPermit | WaitResult): result is RetryPermit {
  return Boolean((result as Partial<RetryPermit> | undefined)?.release);
}

/** A gate may also refuse a call by rejecting. */
function toFailed(reason: unknown): WaitResult {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  return { type: 'failed', error };
}

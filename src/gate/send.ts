// A send that was admitted: the permit that its call holds. One object, because most requests make one.
import type { GateOutcome, RetryCall, RetryPermit } from '../core/extensions.js';
import type { Admission, Admitted } from './admission.js';

/** What a send needs of its limiter. */
export interface SendOwner {
  readonly admission: Admission;
  /** Whether `maxConcurrency` has forgotten the send, or its quota is used up since. */
  isOutdated(send: Send): boolean;
  /** The send has ended, or will not be sent. */
  ended(send: Send, outcome: GateOutcome, headers: object | undefined): void;
}

export class Send implements RetryPermit, Admitted {
  constructor(
    readonly owner: SendOwner,
    readonly call: RetryCall,
    readonly epoch: number,
    readonly at: number,
    readonly cost: number,
    /** Tells the log of sends when the answer came. */
    readonly answered: ((at: number) => void) | undefined,
  ) {}

  release(outcome: GateOutcome, headers?: object): void {
    this.owner.ended(this, outcome, headers);
  }

  isExpired(): boolean {
    const { closed, epoch } = this.owner.admission;
    return (closed && epoch !== this.epoch) || this.owner.isOutdated(this);
  }
}

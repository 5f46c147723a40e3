import type {
  AttachedInstance,
  GateOutcome,
  RetryCall,
  RetryGate,
  RetryPermit,
} from '../../src/core/extensions.js';
import type { Wait, WaitResult } from '../../src/wait/wait-list.js';

/** A gate that a test opens and closes. It counts the permits, and throws when one is acquired or released twice. */
export class ManualGate implements RetryGate {
  open = true;
  /** Whether `retryNow()` may skip a wait. */
  canSkip = true;
  readonly released: GateOutcome[] = [];
  readonly held = new Set<RetryCall>();
  readonly queued = new Set<Wait>();
  readonly asked: RetryCall[] = [];
  acquired = 0;

  tryAcquire(call: RetryCall): RetryPermit | undefined {
    this.asked.push(call);
    return this.open ? this.#grant(call) : undefined;
  }

  acquire(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult> {
    return new Promise((resolve) => {
      const wait = host.waits.begin(
        {
          abortable: call.abortable,
          summary: () => call.summary(),
          canSkip: () => this.canSkip,
          onEnd: (result) => {
            const isOver = result.type === 'elapsed' || result.type === 'skipped';
            resolve(isOver ? this.#grant(call) : result);
          },
        },
        host.clock.now() + 5000,
        5000,
        'gate',
      );
      this.queued.add(wait);
    });
  }

  admitAll(): void {
    this.open = true;
    for (const wait of this.queued) wait.end({ type: 'elapsed' });
  }

  #grant(call: RetryCall): RetryPermit {
    if (this.held.has(call)) throw new Error('A permit is acquired twice.');
    this.acquired += 1;
    this.held.add(call);
    return { release: (outcome) => this.release(call, outcome) };
  }

  release(call: RetryCall, outcome: GateOutcome): void {
    if (!this.held.delete(call)) throw new Error('A permit is released that is not held.');
    this.released.push(outcome);
  }
}

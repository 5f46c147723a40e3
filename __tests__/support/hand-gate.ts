import type {
  AttachedInstance,
  GateOutcome,
  RetryCall,
  RetryGate,
  RetryPermit,
} from '../../src/core/extensions.js';
import type { Wait, WaitResult } from '../../src/wait/wait-list.js';

/** A gate that somebody opens and closes by hand. It counts the places, and refuses to be cheated. */
export class HandGate implements RetryGate {
  open = true;
  /** Whether a person may hurry what waits. */
  mayHurry = true;
  readonly left: GateOutcome[] = [];
  readonly placed = new Set<RetryCall>();
  readonly line = new Set<Wait>();
  readonly asked: RetryCall[] = [];
  taken = 0;

  tryAcquire(call: RetryCall): RetryPermit | undefined {
    this.asked.push(call);
    return this.open ? this.#take(call) : undefined;
  }

  acquire(call: RetryCall, host: AttachedInstance): Promise<RetryPermit | WaitResult> {
    return new Promise((resolve) => {
      const wait = host.waits.begin(
        {
          abortable: call.abortable,
          summary: () => call.summary(),
          canSkip: () => this.mayHurry,
          onEnd: (result) => {
            const isOver = result.type === 'elapsed' || result.type === 'skipped';
            resolve(isOver ? this.#take(call) : result);
          },
        },
        host.clock.now() + 5000,
        5000,
        'gate',
      );
      this.line.add(wait);
    });
  }

  admitAll(): void {
    this.open = true;
    for (const wait of this.line) wait.end({ type: 'elapsed' });
  }

  #take(call: RetryCall): RetryPermit {
    if (this.placed.has(call)) throw new Error('A place is taken twice.');
    this.taken += 1;
    this.placed.add(call);
    return { release: (outcome) => this.leave(call, outcome) };
  }

  leave(call: RetryCall, outcome: GateOutcome): void {
    if (!this.placed.delete(call)) throw new Error('A place is given back that was not taken.');
    this.left.push(outcome);
  }
}

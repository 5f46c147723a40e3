import type { Waiter } from '../src/wait/wait-list.js';
import { WaitList } from '../src/wait/wait-list.js';
import { ManualClock } from './manual-clock.js';
import type { EngineCost } from './results.js';
import { median, shuffle } from './statistics.js';

const DAY = 86_400_000;
/** Waits that are begun in all for one figure: fewer are measured more often. */
const WORK = 500_000;
const LEAST = 3;
const MOST = 25;

interface Took {
  readonly begin: number;
  readonly end: number;
}

/** What one wait costs among ever more of them, with no request around it. */
export function measureEngine(counts: readonly number[]): EngineCost[] {
  runOnce(10_000, cancelAll);
  runOnce(10_000, dueAll);
  return counts.map((count) => {
    const repeats = Math.min(Math.max(Math.ceil(WORK / count), LEAST), MOST);
    const repeat = (end: End) => Array.from({ length: repeats }, () => runOnce(count, end));
    const cancelled = repeat(cancelAll);
    const due = repeat(dueAll);
    const each = (took: readonly Took[], part: keyof Took) =>
      (median(took.map((one) => one[part])) * 1e6) / count;
    return {
      count,
      begin: each([...cancelled, ...due], 'begin'),
      due: each(due, 'end'),
      cancel: each(cancelled, 'end'),
    };
  });
}

type Begun = ReturnType<InstanceType<typeof WaitList>['begin']>;
type End = (clock: ManualClock, waits: readonly Begun[]) => void;

const dueAll: End = (clock) => clock.jump(DAY);

const cancelAll: End = (_, waits) => {
  for (const wait of waits) wait.cancel();
};

function runOnce(count: number, end: End): Took {
  const clock = new ManualClock();
  const waits = new WaitList(clock);
  let over = 0;
  const waiter: Waiter = {
    abortable: {},
    summary: () => ({ method: 'GET', url: '/', status: 503, retryNumber: 1, maxRetries: 5 }),
    onEnd() {
      over += 1;
    },
  };
  const delays = Float64Array.from({ length: count }, () => Math.random() * DAY);
  const begun = performance.now();
  const all = Array.from(delays, (delay) =>
    waits.begin(waiter, clock.now() + delay, delay, 'backoff'),
  );
  const full = performance.now();
  const mixed = end === cancelAll ? shuffle(all) : all;
  const ending = performance.now();
  end(clock, mixed);
  const ended = performance.now();
  if (over !== count) throw new Error(`${over} of ${count} waits ended`);
  return { begin: full - begun, end: ended - ending };
}

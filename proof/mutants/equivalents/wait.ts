// Mutants of src/wait that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const wait: readonly Equivalent[] = [
  {
    file: 'src/wait/monotonic-timers.ts',
    line: 'this.canceled = true',
    from: 'true',
    to: 'false',
    why: 'clearing a timer that has fired then costs one more sweep of the queue',
  },
  {
    file: 'src/wait/heap.ts',
    from: 'one.id < other.id',
    to: 'one.id <= other.id',
    why: 'ids are unique',
  },
  {
    file: 'src/wait/heap.ts',
    from: 'one.dueAt < other.dueAt',
    to: 'one.dueAt <= other.dueAt',
    why: 'it is asked only if they differ',
  },
  {
    file: 'src/wait/timer-queue.ts',
    from: 'behind > 0',
    to: 'behind >= 0',
    why: 'the time is that of the clock then',
  },
  {
    file: 'src/wait/timer-queue.ts',
    from: 'this.#canceledCount * 2 > this.#heap.size',
    to: 'this.#canceledCount * 2 >= this.#heap.size',
    why: 'a sweep only frees memory',
  },
  {
    file: 'src/wait/timer-queue.ts',
    from: 'this.#canceledCount -= 1',
    to: 'this.#canceledCount += 1',
    why: 'the count only says when to sweep',
  },
  {
    file: 'src/wait/wait-list.ts',
    from: "wait.basis !== 'gate'",
    to: 'true',
    why: 'a wait at a gate then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/wait-list.ts',
    line: 'wait.basis !==',
    from: "'gate'",
    to: '""',
    why: 'a wait at a gate then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/abort.ts',
    from: 'source.unsubscribe?.(run)',
    to: 'source.unsubscribe(run)',
    why: 'its error is caught',
  },
  {
    file: 'src/wait/timer-queue.ts',
    from: 'this.#canceledCount * 2 > this.#heap.size',
    to: 'true',
    why: 'sweeping at each cancellation only costs time',
  },
  {
    file: 'src/wait/wait-list.ts',
    from: "result.type !== 'elapsed' && wait.basis !== 'gate'",
    to: 'true',
    why: 'a wait that has elapsed then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/wait-list.ts',
    from: "result.type !== 'elapsed' && wait.basis !== 'gate'",
    to: "result.type !== 'elapsed' || wait.basis !== 'gate'",
    why: 'a wait that has elapsed then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/wait-list.ts',
    from: "result.type !== 'elapsed'",
    to: 'true',
    why: 'a wait that has elapsed then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/wait-list.ts',
    line: "result.type !== 'elapsed'",
    from: "'elapsed'",
    to: '""',
    why: 'a wait that has elapsed then only makes the queue sweep sooner',
  },
  {
    file: 'src/wait/heap.ts',
    from: 'at-- > 0',
    to: 'at-- >= 0',
    why: 'nothing reads place -1, where it puts nothing',
  },
];

// Mutants that no test can kill, because they behave as the source does, each with the reason.
import type { Mutant } from './mutate.js';

interface Equivalent {
  readonly file: string;
  /** Part of the line on which the mutated text begins; only if the file has the same text twice. */
  readonly line?: string;
  /** The mutated text, with white space as one space; or, with "…" at its end, how it begins. */
  readonly from: string;
  /** The text in its place. */
  readonly to: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/policy/decision.ts',
    from: 'value === undefined',
    to: 'false',
    why: 'a missing header is parsed as nothing; the condition only saves time',
  },
  {
    file: 'src/policy/decision.ts',
    from: "'retry-after-or-backoff'",
    to: '""',
    why: 'it stands for neither of the other three, which are what is asked for',
  },
  {
    file: 'src/policy/define-status-table.ts',
    from: 'code < 600',
    to: 'code <= 600',
    why: 'no table has a row for 600',
  },
  {
    file: 'src/policy/http-date.ts',
    from: 'epoch !== undefined',
    to: 'true',
    why: 'undefined is not at most the limit either; the condition is there for the types',
  },
  {
    file: 'src/policy/retry-after.ts',
    from: "''",
    to: '"Stryker was here!"',
    line: "typeof line === 'string'",
    why: 'no date either',
  },
  {
    file: 'src/request/outcome.ts',
    from: '{ return undefined; }',
    to: '{}',
    why: 'the function returns nothing then',
  },
  {
    file: 'src/request/state.ts',
    from: '{ // A value whose getter throws …',
    to: '{}',
    why: 'the function returns nothing then',
  },
  {
    file: 'src/wait/monotonic-timers.ts',
    line: 'this.canceled = true',
    from: 'true',
    to: 'false',
    why: 'clearing a timer that has fired then costs one more sweep of the queue',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.on',
    to: 'body.on',
    why: 'there is a body, since it has the method pipe',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.destroy',
    to: 'body.destroy',
    why: 'there is a body, since it has the method pipe',
  },
  {
    file: 'src/request/body.ts',
    from: '(response?.request as Unread | undefined)?.destroy?.()',
    to: '(response?.request as Unread | undefined)?.destroy()',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: '(response?.request as Unread | undefined)?.destroy',
    to: '(response?.request as Unread | undefined).destroy',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.cancel?.()',
    to: 'body?.cancel()',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.cancel',
    to: 'body.cancel',
    why: 'there is a body, since it has the method getReader',
  },
  {
    file: 'src/request/idempotency-key.ts',
    line: 'method ??',
    from: "''",
    to: '"Stryker was here!"',
    why: 'neither is post or patch',
  },
  {
    file: 'src/policy/network-error.ts',
    line: 'return code === undefined',
    from: 'code === undefined',
    to: 'false',
    why: "the text 'undefined' is not among the codes",
  },
  {
    file: 'src/policy/retry-after.ts',
    line: 'member.exec',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'the first item is not read',
  },
  {
    file: 'src/policy/retry-after.ts',
    line: 'member.exec',
    from: "''",
    to: '"Stryker was here!"',
    why: 'no date either',
  },
  {
    file: 'src/policy/retry-after.ts',
    from: 'until === undefined',
    to: 'false',
    why: 'the delay is not a finite number then',
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
    file: 'src/request/body.ts',
    from: 'body?.pipe',
    to: 'body.pipe',
    why: 'its error would be caught, and nothing else happens without a body',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.getReader',
    to: 'body.getReader',
    why: 'its error would be caught, and nothing else happens without a body',
  },
  {
    file: 'src/request/snapshot.ts',
    line: '#last',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'the first list is another one in any case',
  },
  {
    file: 'src/request/snapshot.ts',
    line: 'if (interner)',
    from: 'interner',
    to: 'false',
    why: 'it only saves memory',
  },
  {
    file: 'src/request/state.ts',
    from: '(outcome as { config?: unknown } | null | undefined)?.config',
    to: '(outcome as { config?: unknown; } | null | undefined).config',
    why: 'its error is caught',
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

export function isListed(mutant: Mutant, list = equivalents): boolean {
  return list.some(
    ({ file, line = '', from, to }) =>
      mutant.file === file &&
      mutant.to === to &&
      mutant.lineText.includes(line) &&
      (from.endsWith('…') ? mutant.from.startsWith(from.slice(0, -1)) : mutant.from === from),
  );
}

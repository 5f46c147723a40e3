// Combines readers into one.
import type { Hint, HintReader } from '../policy/hint.js';
import { A_FUNCTION, checkValue } from '../util/validate.js';

/**
 * Asks readers in turn until one says something: for a service that has two headers for the same, of
 * which the first counts.
 *
 * @throws {TypeError} When a reader is not a function.
 */
export function anyOf(...readers: readonly HintReader[]): HintReader {
  for (const [i, reader] of readers.entries())
    checkValue(`anyOf: readers[${i}]`, reader, A_FUNCTION);
  const own = [...readers];
  return (answer) => {
    for (const reader of own) {
      const hint = reader(answer);
      if (saysSomething(hint)) return hint;
    }
    return undefined;
  };
}

/** Also true for a value that is no hint, so that the mistake is told. */
function saysSomething(hint: Hint | undefined): boolean {
  if (typeof hint !== 'object') return hint !== undefined;
  const { delay, retry, then } = (hint ?? {}) as Record<string, unknown>;
  return [delay, retry, then].some((value) => value !== undefined && value !== null);
}

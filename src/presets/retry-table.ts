// Makes the table of a preset.
import type { ExponentialBackoffOptions } from '../policy/backoff.js';
import { exponentialBackoff } from '../policy/backoff.js';
import type { RetryBehavior, StatusRange, StatusTable } from '../policy/define-status-table.js';
import { defineStatusTable } from '../policy/define-status-table.js';

type Code = number | StatusRange;

/**
 * A table whose rows all have one exponential backoff. A `never` row has it for hints that want a retry
 * all the same.
 *
 * @param schedule - In milliseconds.
 * @param rows - Statuses, or each with what follows it; that is `retry-after-or-backoff` unless it says so.
 */
export function retryTable(
  schedule: ExponentialBackoffOptions,
  ...rows: readonly (Code | readonly [Code, RetryBehavior])[]
): StatusTable {
  const backoff = exponentialBackoff(schedule);
  return defineStatusTable(
    rows.map((row) => {
      const [code, retry = 'retry-after-or-backoff'] = [row].flat() as [Code, RetryBehavior?];
      return { code, retry, backoff };
    }),
  );
}

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until a condition is true.
 *
 * @throws {Error} When that takes longer than 2 minutes.
 */
export async function waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await isTrue()); await sleep(10)) {
    if (Date.now() > end) throw new Error('Timed out');
  }
}

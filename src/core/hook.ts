// Asks a user's hook, beside which the request may be aborted.
import { isCanceled } from '../axios/canceled-error.js';
import type { Outcome } from '../request/outcome.js';
import { addCause } from '../request/outcome.js';
import { isAborted } from '../wait/abort.js';
import type { Call } from './call.js';

/**
 * Asks a hook. An abort does not wait for its answer, not even an abort by the hook itself.
 *
 * @param outcome - What the hook is asked about: the cause of its error.
 */
export function askHook<T>(
  call: Call,
  ask: () => T | PromiseLike<T>,
  outcome: Outcome,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const fail = (error: unknown): void => {
      addCauseTo(error, outcome);
      reject(error);
    };
    const watcher = { abortable: call.abortable, aborted: () => reject(call.abortError()) };
    try {
      // First, because a custom signal may throw.
      call.watchHook(watcher);
      const answer = ask();
      if (isAborted(watcher.abortable)) watcher.aborted();
      Promise.resolve(answer)
        .finally(() => call.unwatchHook(watcher))
        .then(resolve, fail);
    } catch (error) {
      call.unwatchHook(watcher);
      fail(error);
    }
  });
}

/** An abort is no consequence of the outcome before it. */
export function addCauseTo(error: unknown, outcome: Outcome): void {
  if (!isCanceled(error)) addCause(error, outcome);
}

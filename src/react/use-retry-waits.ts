// The waits under way, in a component.
import { useSyncExternalStore } from 'react';
import type { RetryHandle } from '../core/attach.js';
import type { RetryWait } from '../wait/wait-list.js';

const NO_WAITS: readonly RetryWait[] = Object.freeze([]);
const noWaits = (): readonly RetryWait[] => NO_WAITS;
const never = () => (): void => undefined;

/**
 * Renders again whenever the waits of an instance change.
 *
 * @param handle - What `attachRetry` returned. May change; without one there are no waits.
 * @returns `handle.waits`: frozen, and the same array until something changes. On the server, and in
 *   the first render of a page that was rendered there, it is empty.
 */
export function useRetryWaits(
  handle: Pick<RetryHandle, 'waits' | 'subscribe'> | undefined,
): readonly RetryWait[] {
  return useSyncExternalStore(handle?.subscribe ?? never, () => handle?.waits ?? NO_WAITS, noWaits);
}

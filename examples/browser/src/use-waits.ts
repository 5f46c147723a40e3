import type { RetryWait } from 'axios-status-retry';
import { useSyncExternalStore } from 'react';
import { handle } from './api.js';

/** What waits, live: the plugin's handle is an external store. */
export function useWaits(): readonly RetryWait[] {
  return useSyncExternalStore(handle.subscribe, () => handle.waits);
}

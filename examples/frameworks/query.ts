// npm run query: TanStack Query and the plugin both retry. How do I let only one of them do it?
import { environmentManager, QueryClient, QueryObserver } from '@tanstack/query-core';
import axios from 'axios';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { inAMinute, startUpstream } from './upstream.js';

const { url, say, close } = await startUpstream({
  '/naive': [503],
  '/ruled': [503],
  '/bug': [200],
  '/left': [inAMinute(503)],
  '/kept': [inAMinute(503)],
  '/again': [200, inAMinute(503), 200],
});
const api = axios.create({ baseURL: url, timeout: 5000, proxy: false });
// Short waits, to keep the example short. The numbers of retries are the defaults of both libraries.
const retries = attachRetry(api, { backoff: exponentialBackoff({ base: 5, factor: 1 }) });

/** The rule: do not retry what the plugin has handled; retry other errors as usual. */
const retry = (failures: number, error: unknown): boolean =>
  retryReport(error) === undefined && failures < 3;

// On a server, Query does not retry. Here it must behave as in a browser.
environmentManager.setIsServer(() => false);
const brief = { retryDelay: 5, gcTime: Number.POSITIVE_INFINITY };
const naive = new QueryClient({ defaultOptions: { queries: brief } });
const client = new QueryClient({ defaultOptions: { queries: { ...brief, retry } } });

/** Mounts a query as `useQuery` does. */
function mount(
  of: QueryClient,
  path: string,
  { withSignal = true, select = (x: unknown) => x } = {},
) {
  const observer = new QueryObserver(of, {
    queryKey: [path],
    queryFn: async (query) => {
      const { data } = await api.get(path, withSignal ? { signal: query.signal } : {});
      return select(data);
    },
  });
  let unmount = (): void => undefined;
  const idle = new Promise<void>((resolve) => {
    unmount = observer.subscribe(({ fetchStatus }) => fetchStatus === 'idle' && resolve());
  });
  return { idle, unmount };
}

const oneWaits = async (): Promise<void> => {
  while (retries.waits.length !== 1) await new Promise(setImmediate);
};

await mount(naive, '/naive').idle;
say('/naive', 'always 503, both retry: (1 + 3) × (1 + 5)');
await mount(client, '/ruled').idle;
say('/ruled', 'always 503, with the rule: 1 + 5');
const select = (): never => {
  throw new Error('unexpected data');
};
await mount(client, '/bug', { select }).idle;
say('/bug', '200, then an error in the app, with the rule: 1 + 3 by Query');

const left = mount(client, '/left');
await oneWaits();
left.unmount();
await new Promise(setImmediate);
say('/left', `unmounted during a wait, with the signal: ${retries.waits.length} waits left`);

const kept = mount(client, '/kept', { withSignal: false });
await oneWaits();
kept.unmount();
await new Promise(setImmediate);
say('/kept', `unmounted during a wait, without the signal: ${retries.waits.length} wait left`);
retries.waits[0]?.cancel();

await mount(client, '/again').idle;
void client.invalidateQueries({ queryKey: ['/again'] });
await oneWaits();
void client.invalidateQueries({ queryKey: ['/again'] }, { cancelRefetch: false });
await new Promise(setImmediate);
say('/again', 'invalidated during a wait, with cancelRefetch: false: the wait goes on');
await client.invalidateQueries({ queryKey: ['/again'] });
say('/again', 'invalidated during a wait: sent at once, despite Retry-After');
await close();

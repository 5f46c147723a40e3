// npm run query: TanStack Query and the plugin both retry. Who sends how often, and a rule for one retrier.
import { environmentManager, QueryClient, QueryObserver } from '@tanstack/query-core';
import axios from 'axios';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { startUpstream } from './upstream.js';

const inAMinute = [503, { 'Retry-After': '60' }] as const;
const upstream = await startUpstream({
  '/naive': [503],
  '/ruled': [503],
  '/bug': [200],
  '/left': [inAMinute],
  '/kept': [inAMinute],
  '/again': [200, inAMinute, 200],
});
const api = axios.create({ baseURL: upstream.url, timeout: 5000, proxy: false });
// Short waits here and below, so that the example is soon over; the counts are both libraries' defaults.
const retries = attachRetry(api, { backoff: exponentialBackoff({ base: 5, factor: 1 }) });

/** The rule: what passed through the plugin is not retried again, anything else as ever. */
const retry = (failures: number, error: unknown): boolean =>
  retryReport(error) === undefined && failures < 3;

// Query does not retry on a server; here it is to behave as in a browser.
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

const say = (path: string, what: string): void =>
  console.log(`${path.padEnd(7)} ${what}; sends: ${upstream.sends(path)}`);
const oneWaits = async (): Promise<void> => {
  while (retries.waits.length !== 1) await new Promise(setImmediate);
};

await mount(naive, '/naive').idle;
say('/naive', 'always 503, both retry: (1 + 3) x (1 + 5)');
await mount(client, '/ruled').idle;
say('/ruled', 'always 503, by the rule: 1 + 5');
const select = (): never => {
  throw new Error('not what was expected');
};
await mount(client, '/bug', { select }).idle;
say('/bug', '200 and an error of the app, by the rule: 1 + 3 of Query');

const left = mount(client, '/left');
await oneWaits();
left.unmount();
await new Promise(setImmediate);
say('/left', `unmounted during a wait, with the signal: ${retries.waits.length} wait`);

const kept = mount(client, '/kept', { withSignal: false });
await oneWaits();
kept.unmount();
await new Promise(setImmediate);
say('/kept', `unmounted during a wait, without it: ${retries.waits.length} waits`);
retries.waits[0]?.cancel();

await mount(client, '/again').idle;
void client.invalidateQueries({ queryKey: ['/again'] });
await oneWaits();
void client.invalidateQueries({ queryKey: ['/again'] }, { cancelRefetch: false });
await new Promise(setImmediate);
say('/again', 'invalidated during a wait, cancelRefetch: false: the wait goes on');
await client.invalidateQueries({ queryKey: ['/again'] });
say('/again', 'invalidated during a wait: sent at once, whatever Retry-After says');
upstream.close();

// Four callers of the Express and the Fastify service: what each gets, and how often the upstream was asked.
import type { RetryHandle } from 'axios-status-retry';
import { startUpstream } from './upstream.js';

export const startReports = () =>
  startUpstream({
    '/reports/7': [503, 503, 200],
    '/reports/busy': [[429, { 'Retry-After': '60' }]],
    '/reports/slow': [[503, { 'Retry-After': '60' }]],
    '/reports/late': [[503, { 'Retry-After': '60' }]],
  });

/** Resolves as soon as `count` requests wait. */
function waiting(retries: RetryHandle, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (retries.waits.length !== count) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = retries.subscribe(look);
    queueMicrotask(look);
  });
}

export async function callService(
  service: string,
  upstream: Awaited<ReturnType<typeof startReports>>,
  retries: RetryHandle,
): Promise<void> {
  const patient = { Prefer: 'wait=120' };
  const say = (path: string, what: string): void =>
    console.log(`${path.padEnd(14)} ${what}; sends upstream: ${upstream.sends(path)}`);
  const answer = async (response: Response | Promise<Response>): Promise<string> => {
    const { status, headers } = await response;
    const retryAfter = headers.get('Retry-After');
    return retryAfter === null ? `${status}` : `${status}, Retry-After: ${retryAfter}`;
  };

  say('/reports/7', await answer(fetch(`${service}/reports/7`)));
  say('/reports/busy', await answer(fetch(`${service}/reports/busy`)));

  const caller = new AbortController();
  const slow = fetch(`${service}/reports/slow`, { headers: patient, signal: caller.signal });
  await waiting(retries, 1);
  caller.abort();
  await slow.catch(() => undefined);
  await waiting(retries, 0);
  say('/reports/slow', 'hung up during the wait of 60 s, which ended with it');

  const late = fetch(`${service}/reports/late`, { headers: patient });
  await waiting(retries, 1);
  retries.detach();
  say('/reports/late', `${await answer(late)}, as the service stops`);
}

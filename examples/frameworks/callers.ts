// Four callers of the Express and the Fastify service, and an upstream for each.
import type { RetryHandle } from 'axios-status-retry';
import { inAMinute, startUpstream } from './upstream.js';

export const startReports = () =>
  startUpstream({
    '/reports/7': [503, 503, 200],
    '/reports/busy': [inAMinute(429)],
    '/reports/slow': [inAMinute(503)],
    '/reports/late': [inAMinute(503)],
  });

/** Resolves when `count` requests are waiting. */
function waiting(retries: RetryHandle, count: number): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (retries.waits.length !== count) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = retries.subscribe(check);
    queueMicrotask(check);
  });
}

async function answer(response: Promise<Response>): Promise<string> {
  const { status, headers } = await response;
  const retryAfter = headers.get('Retry-After');
  return retryAfter === null ? `${status}` : `${status}, Retry-After: ${retryAfter}`;
}

export async function callService(
  service: string,
  { say }: Awaited<ReturnType<typeof startReports>>,
  retries: RetryHandle,
): Promise<void> {
  const patient = { Prefer: 'wait=120' };
  say('/reports/7', await answer(fetch(`${service}/reports/7`)));
  say('/reports/busy', await answer(fetch(`${service}/reports/busy`)));

  const caller = new AbortController();
  const slow = fetch(`${service}/reports/slow`, { headers: patient, signal: caller.signal });
  await waiting(retries, 1);
  caller.abort();
  await slow.catch(() => undefined);
  await waiting(retries, 0);
  say('/reports/slow', 'the caller hung up during the wait of 60 s, which ended');

  const late = fetch(`${service}/reports/late`, { headers: patient });
  await waiting(retries, 1);
  retries.detach();
  say('/reports/late', `${await answer(late)}, because the service is stopping`);
}

// How do I stay within a service's rate limit with hundreds of requests at once?
// Run: npx tsx examples/gate-backend/main.ts (add --without to compare with no gate)
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import { startRoutes, startServer } from '../../__tests__/support/scripted-server.js';
// In your project, import these from 'axios-status-retry/gate' and 'axios-status-retry'.
import { createGate, createRetryBudget, isRetryGateError } from '../../src/gate/index.js';
import type { RetryHandle } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { readArguments } from '../support/arguments.js';
import { Progress } from '../support/progress.js';
import { rateLimit } from '../support/rate-limit.js';
import { paint } from '../support/terminal.js';

const usage = 'Usage: npx tsx examples/gate-backend/main.ts [--requests 500] [--without]';
const { number: requests, isSet } = readArguments(usage, ['requests', 500], 'without');

// The service accepts 100 requests a second, 10 of them at once. The others get 429, Retry-After: 1.
const RATE = 100;
const BURST = 10;
const limit = rateLimit(RATE, BURST);
const service = await startRoutes({
  '/items/*': [limit.answer],
  '/closed': [{ status: 429, headers: { 'Retry-After': '30' } }],
});

// This is all you need: one instance for the whole process, with a gate.
const api = axios.create({ baseURL: service.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, { gate: createGate(), budget: createRetryBudget() });

// And this handles a service that is closed for longer than your own callers can wait.
async function handler(): Promise<string> {
  try {
    const response = await api.get('/closed', { retry: { maxDelay: 5000 } });
    return `${response.status}`;
  } catch (error) {
    if (!isRetryGateError(error)) return `sent, not retried (${retryReport(error)?.gaveUp})`;
    const seconds = Math.ceil(((error.notBefore ?? 0) - Date.now()) / 1000);
    return `not sent (${error.code}); our caller gets 503, Retry-After: ${seconds}`;
  }
}

title(`${requests} requests at once to a service that accepts ${RATE} a second, with a gate`);
const succeeded = await sendAll(api, retries, limit.counts);

if (isSet('without')) {
  title('The same without a gate');
  const { answer, counts } = rateLimit(RATE, BURST);
  const other = await startServer(answer);
  const bare = axios.create({ baseURL: other.url, timeout: 5000, proxy: false });
  await sendAll(bare, attachRetry(bare), counts);
  await other.close();
}

title('The service says Retry-After: 30, but our callers wait only 5 s (maxDelay)');
console.log(`The first request: ${await handler()}.`);
console.log(`The next one: ${await handler()}.`);

title('200 requests to a service that answers everything with 502, with a retry budget');
const broken = await startServer(502);
const send = () => api.get(broken.url, { retry: { backoff: () => 50 } }).catch(() => {});
await Promise.all(Array.from({ length: 200 }, send));
const sends = broken.requests.length;
console.log(
  `The budget allowed ${sends - 200} retries instead of 1000: ${sends} sends instead of 1200.`,
);
await broken.close();
await service.close();
process.exitCode = succeeded === requests ? 0 : 1;

/** Sends all requests at once, shows the progress, and returns how many succeeded. */
async function sendAll(
  api: AxiosInstance,
  handle: RetryHandle,
  counts: { readonly sends: number; readonly refused: number },
): Promise<number> {
  let done = 0;
  let failed = 0;
  const columns = [' done', 'failed', 'at gate', 'after 429', 'sends', 'refused'];
  const row = () => {
    const atGate = handle.waits.filter(({ basis }) => basis === 'gate').length;
    const others = handle.waits.length - atGate;
    return [done, failed, atGate, others, counts.sends, counts.refused];
  };
  const progress = new Progress(columns, row, counts);
  const send = async (id: number): Promise<void> => {
    try {
      await api.get(`/items/${id}`);
      done += 1;
    } catch {
      failed += 1;
    }
  };
  await Promise.all(Array.from({ length: requests }, (_, id) => send(id)));
  progress.end(done, requests, (requests - BURST) / RATE);
  return done;
}

function title(text: string): void {
  console.log(paint('bold', `\n${text}`));
}

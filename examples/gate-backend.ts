// How does my backend keep within a service's rate limit, with hundreds of requests at once?
// Run: npx tsx examples/gate-backend.ts (with --without: and what happens without a gate)
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import { createGate } from '../src/gate/gate.js';
// In your project: from 'axios-status-retry/gate' and 'axios-status-retry'.
import { createRetryBudget, isRetryGateError } from '../src/gate/index.js';
import type { RetryHandle } from '../src/index.js';
import { attachRetry, retryReport } from '../src/index.js';
import { readArguments } from './demo/arguments.js';
import { Progress } from './demo/progress.js';
import type { Service } from './demo/service.js';
import { startService, tokenBucket } from './demo/service.js';
import { paint } from './demo/terminal.js';

const usage = 'Usage: npx tsx examples/gate-backend.ts [--requests 500] [--without]';
const { requests, isSet } = readArguments(usage, 500, 'without');

// The service takes 100 requests a second, 10 of them at once; all others get 429, Retry-After: 1.
const RATE = 100;
const BURST = 10;
let answer = tokenBucket(RATE, BURST);
const service = await startService(() => answer());

// This is all there is to it: one instance for the whole process, with a gate.
const api = axios.create({ baseURL: service.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, { gate: createGate(), budget: createRetryBudget() });

// And this is how to take it when the service is closed for longer than a caller of yours can wait.
async function handler(): Promise<string> {
  try {
    const response = await api.get('/items/1', { retry: { maxDelay: 5000 } });
    return `${response.status}`;
  } catch (error) {
    if (!isRetryGateError(error)) return `sent, not retried (${retryReport(error)?.gaveUp})`;
    const seconds = Math.ceil(((error.notBefore ?? 0) - Date.now()) / 1000);
    return `not sent (${error.code}); our caller gets 503, Retry-After: ${seconds}`;
  }
}

title(`${requests} requests at once, ${RATE} a second are taken: with a gate`);
const succeeded = await sendAll(api, retries, service);

if (isSet('without')) {
  title('The same without a gate');
  const other = await startService(tokenBucket(RATE, BURST));
  const bare = axios.create({ baseURL: other.url, timeout: 5000, proxy: false });
  await sendAll(bare, attachRetry(bare), other);
  other.close();
}

title('The service says Retry-After: 30, and our callers wait for 5 s (maxDelay)');
answer = () => ({ status: 429, retryAfter: 30 });
console.log(`The first request: ${await handler()}.`);
console.log(`The next one: ${await handler()}.`);

title('200 requests to a service that answers 502 to everything: with a budget');
const broken = await startService(() => ({ status: 502 }));
const send = () => api.get(broken.url, { retry: { backoff: () => 50 } }).catch(() => {});
await Promise.all(Array.from({ length: 200 }, send));
const paid = broken.sends - 200;
console.log(`The budget paid for ${paid} retries, not for 1000: ${broken.sends} sends, not 1200.`);
broken.close();
service.close();
process.exitCode = succeeded === requests ? 0 : 1;

/** Sends all requests at once, shows what comes of them, and gives how many succeeded. */
async function sendAll(api: AxiosInstance, handle: RetryHandle, service: Service): Promise<number> {
  let done = 0;
  let failed = 0;
  const columns = [' done', 'failed', 'at gate', 'after 429', 'sends', 'refused'];
  const row = () => {
    const atGate = handle.waits.filter(({ basis }) => basis === 'gate').length;
    const others = handle.waits.length - atGate;
    return [done, failed, atGate, others, service.sends, service.refused];
  };
  const progress = new Progress(columns, row, service);
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

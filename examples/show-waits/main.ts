// How do I show waiting requests, and let a person retry now? Run: npx tsx examples/show-waits/main.ts
import axios from 'axios';
import { startServer } from '../../__tests__/support/scripted-server.js';
// In your project, import these from 'axios-status-retry'.
import type { RetryWait } from '../../src/index.js';
import { attachRetry, lookupStatus } from '../../src/index.js';

const { stdin, stdout } = process;

// A server that is overloaded twice, for 5 seconds and for 3.
const overloaded = (seconds: string) => ({ status: 529, headers: { 'Retry-After': seconds } });
const server = await startServer(overloaded('5'), overloaded('3'), { body: 'the report' });

const api = axios.create({ baseURL: server.url, proxy: false });
const retries = attachRetry(api);

function describe({ url, status, retryNumber, maxRetries, dueAt }: RetryWait): string {
  const name = lookupStatus(status ?? 0)?.name ?? 'no answer';
  const seconds = Math.max(Math.ceil((dueAt - Date.now()) / 1000), 0);
  return `${url}: ${name}, retry ${retryNumber} of ${maxRetries} in ${seconds} s`;
}

function draw(): void {
  const line = retries.waits.map(describe).join(' · ');
  if (stdout.isTTY) stdout.write(`\r${line && `${line} (space: now, q: cancel)`}\x1b[K`);
}

function announce(): void {
  draw();
  if (!stdout.isTTY) for (const wait of retries.waits) console.log(describe(wait));
}

// `subscribe` reports every change of the list. A countdown needs a timer of its own.
const unsubscribe = retries.subscribe(announce);
const countdown = setInterval(draw, 250);

if (stdin.isTTY) stdin.setRawMode(true);
stdin.on('data', (chunk) => {
  const key = chunk.toString();
  for (const wait of retries.waits) {
    if (key === ' ') wait.retryNow();
    else if (key === 'q' || key === '\u0003') wait.cancel(); // Ctrl-C is a key in raw mode
  }
});

try {
  const { data } = await api.get('/report');
  stdout.write(`${stdout.isTTY ? '\r\x1b[K' : ''}Got ${data}.\n`);
} catch (error) {
  stdout.write(`${stdout.isTTY ? '\r\x1b[K' : ''}${error}\n`);
  process.exitCode = 1;
} finally {
  clearInterval(countdown);
  unsubscribe();
  stdin.pause();
  await server.close();
}

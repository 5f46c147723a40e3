// How do I show what waits, and let a person retry now? Run: npx tsx examples/show-waits.ts
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
// In your project: from 'axios-status-retry'.
import type { RetryWait } from '../src/index.js';
import { attachRetry, lookupStatus } from '../src/index.js';

const { stdin, stdout } = process;

// A server that is busy twice: for 5 seconds, then for 3.
const busy = [5, 3];
const server = createServer((_request, response) => {
  const seconds = busy.shift();
  if (seconds !== undefined) response.writeHead(529, { 'Retry-After': seconds });
  response.end(seconds === undefined ? 'the report' : undefined);
});
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

const { port } = server.address() as AddressInfo;
const api = axios.create({ baseURL: `http://127.0.0.1:${port}`, proxy: false });
const retries = attachRetry(api);

/** A wait as a person reads it. */
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

// The list tells when it changes; the countdown is the display's own affair.
const unsubscribe = retries.subscribe(announce);
const countdown = setInterval(draw, 250);

if (stdin.isTTY) stdin.setRawMode(true);
stdin.on('data', (chunk) => {
  const key = chunk.toString();
  for (const wait of retries.waits) {
    if (key === ' ') wait.retryNow();
    else if (key === 'q' || key === '\u0003') wait.cancel(); // or Ctrl-C, which is a key in raw mode
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
  server.close();
  server.closeAllConnections();
}

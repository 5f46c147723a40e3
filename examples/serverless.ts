// How does a function that may run for 15 minutes get through waits of 9 hours, over a queue that holds
// a message back for 15 minutes?
// Run: npx tsx examples/serverless.ts (with --max-delay 600: waits of up to so many seconds stay in it)
import { parseArgs } from 'node:util';
import axios from 'axios';
// In your project: from 'axios-status-retry/deferral', 'axios-status-retry' and 'axios-status-retry/testing'.
import { createDeferral, createRelay, isRetryDeferred } from '../src/deferral/index.js';
import { attachRetry } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { Functions } from './demo/hops.js';
import { startOrders } from './demo/orders.js';
import type { SqsEvent } from './demo/sqs.js';
import { Sqs } from './demo/sqs.js';
import { paint } from './demo/terminal.js';

/** The time limit of a function (ms). */
const LIMIT = 900_000;
const maxDelay = readMaxDelay();

// The scenery: a service that refuses until the last retry, a queue that refuses a message once and
// delivers one twice, and a clock on which ten hours pass at once.
const clock = createTestClock();
const service = await startOrders({ tea: Array(5).fill({ status: 503 }) }, clock.now);
const sqs = new Sqs(clock, { refuses: 25, isDoubled: isLastRetry });

// This is all there is to it; in your project without the clock. With @aws-sdk/client-sqs `sqs` is a
// `new SQSClient()`, and `send` returns
//   sqs.send(new SendMessageCommand({
//     QueueUrl: process.env.QUEUE_URL,
//     DelaySeconds: Math.ceil(delay / 1000),
//     MessageBody: JSON.stringify(ticket),
//   }))
const relay = createRelay(
  {
    maxDelay: 900_000, // ms: what SQS takes at most
    send: (ticket, delay) =>
      sqs.sendMessage({
        DelaySeconds: Math.ceil(delay / 1000),
        MessageBody: JSON.stringify(ticket),
      }),
  },
  clock,
);
const deferral = createDeferral({ save: relay.save });
const api = axios.create({ baseURL: service.url, timeout: 5000, proxy: false });
const retries = attachRetry(api, {
  clock,
  // 0: every wait is the queue's. There it costs a message; in a function it costs the time, and the
  // waits of a request add up (8 s, 64 s, 512 s). A few seconds where your caller waits for the answer.
  maxDelay,
  deferral,
  idempotencyKey: true,
  networkErrors: true,
});

/** The function that takes orders. */
async function order(item: string): Promise<{ statusCode: number }> {
  try {
    await api.post(`/orders/${item}`);
    return { statusCode: 200 };
  } catch (error) {
    if (isRetryDeferred(error)) return { statusCode: 202 };
    throw error;
  }
}

/**
 * The function behind the queue. What it throws keeps the message there, to be delivered again: with
 * more than one a batch all of them, or those that you report as `batchItemFailures`.
 */
async function handler(event: SqsEvent): Promise<void> {
  for (const record of event.Records) {
    const message: unknown = JSON.parse(record.body);
    const relayed = await relay.receive(message, (ticket) => deferral.resume(ticket));
    if (relayed.state === 'failed') console.error(relayed.error); // not sent any more: yours to keep
  }
  // Await every request: a function that has returned is frozen, and what waits in it goes on when it is
  // thawed, late as on a laptop that slept, or never.
}

const functions = new Functions(clock, LIMIT, () => service.sends.get('tea') ?? []);
const problems: string[] = [];
const invoke = (run: () => Promise<unknown>): Promise<void> =>
  functions.invoke(run).finally(() => {
    if (retries.waits.length > 0) problems.push('a function has returned, and a request waits on');
  });
sqs.handler = (event) => invoke(() => handler(event));
void invoke(() => order('tea'));
await clock.runAll();
service.close();

console.log(
  paint('bold', 'A request that is refused until its last retry, by functions of 15 minutes'),
);
functions.show();
console.log();
functions.showTotals(sqs);

const answers = functions.sends().map(({ status }) => status);
if (answers.join(' ') !== '503 503 503 503 503 200 200') problems.push(`the answers: ${answers}`);
if (functions.longest > LIMIT) problems.push('a function ran for too long');
if (problems.length > 0) console.error(paint('red', `${problems.join('; ')}.`));
process.exitCode = problems.length > 0 ? 1 : 0;

function isLastRetry(body: string): boolean {
  const { retries, notBefore } = JSON.parse(body);
  return retries === 4 && notBefore <= clock.now();
}

function readMaxDelay(): number {
  try {
    const options = { 'max-delay': { type: 'string', default: '0' } } as const;
    const seconds = Number(parseArgs({ options }).values['max-delay']);
    if (seconds >= 0 && seconds * 1000 < LIMIT) return seconds * 1000;
    throw new Error('--max-delay takes seconds, less than the limit of a function');
  } catch (error) {
    const usage = 'Usage: npx tsx examples/serverless.ts [--max-delay 0]';
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

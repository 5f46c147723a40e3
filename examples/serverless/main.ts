// How does a function that may run for 15 minutes get through waits of 9 hours, with a queue that delays a
// message for 15 minutes at most?
// Run: npx tsx examples/serverless/main.ts (--max-delay 600 keeps waits of up to 600 s in the function)
import axios from 'axios';
// In your project, import these from 'axios-status-retry/deferral', 'axios-status-retry' and
// 'axios-status-retry/testing'.
import { createDeferral, createRelay, isRetryDeferred } from '../../src/deferral/index.js';
import { attachRetry } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { readArguments } from '../support/arguments.js';
import { startOrders } from '../support/orders.js';
import { paint } from '../support/terminal.js';
import { Functions } from './functions.js';
import type { SqsEvent } from './sqs.js';
import { Sqs } from './sqs.js';

const FUNCTION_LIMIT_S = 900;
const usage = 'Usage: npx tsx examples/serverless/main.ts [--max-delay 0]';
const { number: maxDelay } = readArguments(usage, ['max-delay', 0, 0, FUNCTION_LIMIT_S]);

// The surroundings: a service that refuses until the last retry, a queue that refuses one message and
// delivers another twice, and a clock on which ten hours pass at once.
const clock = createTestClock();
const service = await startOrders({ tea: Array(5).fill({ status: 503 }) }, clock.now);
const sqs = new Sqs(clock, 25, isLastRetry);

// This is all you need; in your project, leave out the clock. With @aws-sdk/client-sqs, `sqs` is a
// `new SQSClient()`, and `send` returns
//   sqs.send(new SendMessageCommand({
//     QueueUrl: process.env.QUEUE_URL,
//     DelaySeconds: Math.ceil(delay / 1000),
//     MessageBody: JSON.stringify(ticket),
//   }))
const relay = createRelay(
  {
    maxDelay: 900_000, // ms; the longest delay of SQS
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
  // With 0, every wait happens on the queue, where it costs a message. In a function it costs running time,
  // and the waits of one request add up (8 s, 64 s, 512 s). Allow a few seconds if a caller waits for the answer.
  maxDelay: maxDelay * 1000,
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
 * The function behind the queue. A message whose function throws stays on the queue and is delivered again;
 * of a batch, all messages, or those that you return as `batchItemFailures`.
 */
async function handler(event: SqsEvent): Promise<void> {
  for (const record of event.Records) {
    const message: unknown = JSON.parse(record.body);
    const relayed = await relay.receive(message, (ticket) => deferral.resume(ticket));
    if (relayed.state === 'failed') console.error(relayed.error); // out of retries: keep it if you need it
  }
  // Await every request. The platform freezes a function that has returned: its waits end late, or never.
}

const functions = new Functions(clock, () => service.sendsOf('tea'));
const problems: string[] = [];
const invoke = (run: () => Promise<unknown>): Promise<void> =>
  functions.invoke(run).finally(() => {
    if (retries.waits.length > 0) problems.push('a function returned while a request was waiting');
  });
sqs.handler = (event) => invoke(() => handler(event));
void invoke(() => order('tea'));
await clock.runAll();
await service.close();

const title = 'A request that is refused until its last retry, sent by functions of 15 minutes';
console.log(paint('bold', title));
functions.print();
console.log();
functions.printTotals(sqs.delays, FUNCTION_LIMIT_S * 1000);

const answers = service.sendsOf('tea').map(({ status }) => status);
if (answers.join(' ') !== '503 503 503 503 503 200 200') problems.push(`the answers: ${answers}`);
if (Math.max(...functions.times) > FUNCTION_LIMIT_S * 1000)
  problems.push('a function ran too long');
if (problems.length > 0) console.error(paint('red', `${problems.join('; ')}.`));
process.exitCode = problems.length > 0 ? 1 : 0;

function isLastRetry(body: string): boolean {
  const { retries, notBefore } = JSON.parse(body);
  return retries === 4 && notBefore <= clock.now();
}

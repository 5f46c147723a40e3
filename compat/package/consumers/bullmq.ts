// A user's strict code, with every name of the entry; the queue and the job are stand-ins with their shape.
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import type {
  ProcessorOptions,
  Resumer,
  SaveToOptions,
  TicketJob,
  TicketQueue,
} from 'axios-status-retry/bullmq';
import { createProcessor, saveTo } from 'axios-status-retry/bullmq';
import type { RetryTicket } from 'axios-status-retry/deferral';
import { createDeferral } from 'axios-status-retry/deferral';

interface Job extends TicketJob {
  readonly name: string;
}

declare const queue: TicketQueue;
declare const job: Job;

const options: SaveToOptions = { name: 'orders', job: { removeOnComplete: true } };
const save: (ticket: RetryTicket) => Promise<void> = saveTo(queue, options);
const deferral = createDeferral({ save });
attachRetry(axios, { maxDelay: 0, deferral });

const resuming: ProcessorOptions<Job> = {
  config: { timeout: 5000 },
  onResponse: (response, { name }) => `${name}: ${response.status}`,
};
const resumer: Resumer = deferral;
export const processor = createProcessor(resumer, resuming);
export const result: Promise<unknown> = processor(job, 'token', new AbortController().signal);
// @ts-expect-error it is no deferral
createProcessor({});

import type { AxiosResponse } from 'axios';
import type { RetryReport } from '../core/report.js';
import { finalReport, isRetryDeferred } from '../deferral/error.js';
import type { ResumeConfig } from '../deferral/resume.js';
import type { RetryTicket } from '../deferral/ticket.js';
import { parseTicket } from '../deferral/ticket.js';
import { invalidArgument, rejectUnknownKeys } from '../util/validate.js';

/** What a processor uses of a BullMQ `Job`. */
export interface TicketJob {
  readonly data: RetryTicket;
  updateData(ticket: RetryTicket): Promise<void>;
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
}

/** What is used of a `Deferral`. */
export interface Resumer {
  resume(ticket: RetryTicket, config?: ResumeConfig): Promise<AxiosResponse>;
}

/** Options of `createProcessor`. */
export interface ProcessorOptions<Job extends TicketJob = TicketJob> {
  /** What the tickets lack. Default: nothing. */
  readonly config?: ResumeConfig | undefined;
  /**
   * Told of each answer; what it returns is the job's return value. Default: `{ status }`. When it throws,
   * the job has failed, and BullMQ's `attempts` would send the request again.
   */
  readonly onResponse?: ((response: AxiosResponse, job: Job) => unknown) | undefined;
}

/** A job that comes by more than this before its time (ms) goes back; clocks of machines differ by less. */
const EARLY_TOLERANCE_MS = 5_000;

/** It says that the job is delayed. BullMQ knows it by its name, early 5.x by its message. */
class DelayedError extends Error {
  override readonly name = 'DelayedError';

  constructor() {
    super('DelayedError');
  }
}

/**
 * What a job fails with whose request is not sent any more. BullMQ, which knows it by its name, does not try
 * it again, whatever `attempts` says. Its `cause` is what the request failed with.
 */
class UnrecoverableError extends Error {
  override readonly name = 'UnrecoverableError';

  constructor(
    message: string,
    cause: unknown,
    readonly report?: RetryReport,
  ) {
    super(message, { cause });
  }
}

/**
 * Sends the requests of tickets in a `Worker`. A job whose request is to be sent later is put back until
 * then; it is one job all the way.
 *
 * @param deferral - Of an instance that is attached with a small `maxDelay`, as a job that waits in the
 *   worker takes one of its `concurrency`; with 0 every wait is the queue's.
 * @returns The worker's processor. A job whose request is not sent any more fails for good, with the report
 *   in its `failedReason`; what else is thrown (by a hook, an interceptor) is for `attempts`.
 */
export function createProcessor<Job extends TicketJob = TicketJob>(
  deferral: Resumer,
  options: ProcessorOptions<Job> = {},
): (job: Job, token?: string, signal?: AbortSignal) => Promise<unknown> {
  if (typeof (deferral as Partial<Resumer> | undefined)?.resume !== 'function') {
    throw invalidArgument('createProcessor', 'a deferral made by createDeferral', deferral);
  }
  rejectUnknownKeys('createProcessor', options, ['config', 'onResponse']);
  const { config, onResponse } = options;
  // A worker gives its signal to a processor that has a third parameter.
  return async (job, token, signal) => {
    const ticket = ticketIn(job);
    if (ticket.notBefore - Date.now() > EARLY_TOLERANCE_MS) return putBack(job, ticket, token);
    const response = await deferral
      .resume(ticket, { ...(signal && { signal }), ...config })
      .catch((error: unknown) => failed(error, job, token));
    return onResponse ? await onResponse(response, job) : { status: response.status };
  };
}

function ticketIn({ data }: TicketJob): RetryTicket {
  try {
    return parseTicket(data);
  } catch (error) {
    throw new UnrecoverableError((error as Error).message, error);
  }
}

async function putBack(job: TicketJob, ticket: RetryTicket, token?: string): Promise<never> {
  await job.moveToDelayed(Math.ceil(ticket.notBefore), token);
  throw new DelayedError();
}

async function failed(error: unknown, job: TicketJob, token?: string): Promise<never> {
  if (isRetryDeferred(error)) {
    // In this order: a worker that dies between the two leaves a job that goes back when it is taken.
    await job.updateData(error.ticket);
    return putBack(job, error.ticket, token);
  }
  const report = finalReport(error);
  if (!report) throw error;
  const message = `${(error as Error).message}; ${JSON.stringify(report)}`;
  throw new UnrecoverableError(message, error, report);
}

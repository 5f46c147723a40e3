// `createProcessor`: sends the requests of tickets in a BullMQ worker.
import type { AxiosResponse } from 'axios';
import type { RetryReport } from '../core/report.js';
import { finalReport, isRetryDeferred } from '../deferral/error.js';
import { parseTicket } from '../deferral/parse-ticket.js';
import type { ResumeConfig } from '../deferral/resume.js';
import type { RetryTicket } from '../deferral/ticket.js';
import { isObject } from '../util/clone.js';
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, invalidArgument, readOptions } from '../util/validate.js';

/** The members of a BullMQ `Job` that are used. */
export interface TicketJob {
  readonly data: RetryTicket;
  updateData(ticket: RetryTicket): Promise<void>;
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
}

/** The method of a `Deferral` that is used. */
export interface Resumer {
  resume(ticket: RetryTicket, config?: ResumeConfig): Promise<AxiosResponse>;
}

/** Options of `createProcessor`. */
export interface ProcessorOptions<Job extends TicketJob = TicketJob> {
  /**
   * The config of `deferral.resume`, for everything that tickets do not hold.
   *
   * @defaultValue none
   */
  readonly config?: ResumeConfig | undefined;
  /**
   * Called with each response. Its result is the job's return value. When it throws, the job has
   * failed, and if BullMQ's `attempts` allows another attempt, the request is sent again.
   *
   * @defaultValue returns `{ status }`
   */
  readonly onResponse?: ((response: AxiosResponse, job: Job) => unknown) | undefined;
}

const RULES: OptionRules<ProcessorOptions> = {
  config: ['an object', isObject],
  onResponse: A_FUNCTION,
};

/**
 * A job that is taken earlier than this is delayed again. The clocks of machines differ by less.
 */
const EARLY_TOLERANCE_MS = 5_000;

/**
 * Tells BullMQ that the job is delayed. BullMQ recognizes it by its name, early 5.x versions by its
 * message.
 */
class DelayedError extends Error {
  override readonly name = 'DelayedError';

  constructor() {
    super('DelayedError');
  }
}

/**
 * The error of a job whose request will not be sent again. BullMQ recognizes it by its name and
 * does not try the job again, whatever `attempts` says. Its `cause` is the request's error.
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
 * Creates the processor of a `Worker`. It sends the request of each job's ticket. A job whose
 * request has to wait again is delayed again; it stays the same job until the request is done.
 *
 * @param deferral - The deferral of an attached instance. Attach it with a small `maxDelay`: a job
 *   that waits in the worker counts against its `concurrency`. With 0, all waits are the queue's.
 * @param options - What else the processor does with a job.
 * @returns The worker's processor. A job whose request will not be sent again fails for good, with
 *   the report in its `failedReason`. After any other error (a hook's, an interceptor's) BullMQ's
 *   `attempts` decides.
 * @throws {TypeError} When `deferral` is not a deferral, or an option is unknown or of a wrong
 *   kind.
 */
export function createProcessor<Job extends TicketJob = TicketJob>(
  deferral: Resumer,
  options: ProcessorOptions<Job> = {},
): (job: Job, token?: string, signal?: AbortSignal) => Promise<unknown> {
  if (typeof (deferral as Partial<Resumer> | undefined)?.resume !== 'function') {
    throw invalidArgument('createProcessor', 'a deferral made by createDeferral', deferral);
  }
  const { config, onResponse } = readOptions<ProcessorOptions<Job>>(
    'createProcessor',
    options,
    RULES,
  );
  // A worker passes its signal only to a processor with three parameters.
  return async (job, token, signal) => {
    const ticket = ticketOf(job);
    if (ticket.notBefore - Date.now() > EARLY_TOLERANCE_MS) return delay(job, ticket, token);
    const response = await deferral
      .resume(ticket, { ...(signal && { signal }), ...config })
      .catch((error: unknown) => handleFailure(error, job, token));
    return onResponse ? await onResponse(response, job) : { status: response.status };
  };
}

function ticketOf({ data }: TicketJob): RetryTicket {
  try {
    return parseTicket(data);
  } catch (error) {
    throw new UnrecoverableError((error as Error).message, error);
  }
}

/** Puts a job back until its ticket is due. */
async function delay(job: TicketJob, ticket: RetryTicket, token?: string): Promise<never> {
  await job.moveToDelayed(Math.ceil(ticket.notBefore), token);
  throw new DelayedError();
}

async function handleFailure(error: unknown, job: TicketJob, token?: string): Promise<never> {
  if (isRetryDeferred(error)) {
    // In this order: if the worker dies in between, the job is taken again, and delayed then.
    await job.updateData(error.ticket);
    return delay(job, error.ticket, token);
  }
  const report = finalReport(error);
  if (!report) throw error;
  // An adapter may quote the URL, and Redis keeps the message: nothing up to its last @ is shown.
  const text = String((error as Error).message);
  const end = Math.max(text.lastIndexOf('@'), 0);
  // Without the rest, in which the pattern would look for an @ from each colon.
  const reason = text.slice(0, end).replace(/(:|\/\/).*/s, '$1…') + text.slice(end);
  const message = `${reason}; ${JSON.stringify(report)}`;
  throw new UnrecoverableError(message, error, report);
}

// Makes the calls of a plan, and records what came of each.
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import axios from 'axios';
import type { RetryHandle } from '../../src/index.js';
import { attachRetry, exponentialBackoff, retryCount, retryReport } from '../../src/index.js';
import { bodyOf, digestOf } from './body.js';
import type { CallPlan } from './plan.js';
import { MAX_CONTENT_LENGTH, planCall, planFault } from './plan.js';
import type { CallRecord, ClientJob, Settled } from './record.js';

/** Longer than a call of any plan takes, so one that takes longer hangs (ms). */
const HUNG_MS = 30_000;
/** How long a caller reads a stream that does not end, and any other (ms). */
const [ENDLESS_READING_MS, READING_MS] = [150, 10_000];
/** Sessions of HTTP/2 at once, so that a reset one takes only a part of the requests with it. */
const SESSIONS = 4;
const SESSION_TIMEOUT_MS = 100;

export const BACKOFF = { base: 1, factor: 2, max: 50 } as const;
export const JITTER = 0.5;

export class Caller {
  readonly agent = new Agent({ keepAlive: true });
  /** Shared by many calls, and never aborted. */
  readonly signal = new AbortController().signal;
  readonly handles: readonly RetryHandle[];
  readonly #job: ClientJob;
  readonly #instances: { readonly bare: AxiosInstance; readonly busy: AxiosInstance };
  readonly #plans = new Map<number, CallPlan>();
  readonly #records = new Map<number, CallRecord>();

  constructor(job: ClientJob) {
    this.#job = job;
    const base = axios.getAdapter(job.transport === 'fetch' ? 'fetch' : 'http');
    const bare = axios.create({ proxy: false, adapter: this.#recording(base, true) });
    const busy = axios.create({ proxy: false, adapter: this.#recording(base, false) });
    this.#instances = { bare, busy };
    busy.interceptors.request.use(async (config) => {
      // So that an abort can come between the plugin and the send.
      await new Promise((resolve) => setImmediate(resolve));
      this.#direct(config);
      return config;
    });
    const count = (outcome: unknown, name: 'outcomes' | 'attemptOutcomes'): void => {
      const { config } = outcome as { config?: AxiosRequestConfig };
      const record = this.#records.get(idOf(config));
      if (record) record[name] += 1;
    };
    busy.interceptors.response.use(
      (response) => {
        count(response, 'attemptOutcomes');
        return response;
      },
      (error) => {
        count(error, 'attemptOutcomes');
        throw error;
      },
    );
    const options = {
      backoff: exponentialBackoff(BACKOFF),
      jitter: JITTER,
      onGiveUp: (_report: unknown, { config }: { config: AxiosRequestConfig }) => {
        const record = this.#records.get(idOf(config));
        if (record) record.gaveUp += 1;
      },
    };
    this.handles = [attachRetry(bare, options), attachRetry(busy, options)];
    busy.interceptors.response.use(
      (response) => {
        count(response, 'outcomes');
        return response;
      },
      (error) => {
        count(error, 'outcomes');
        throw error;
      },
    );
  }

  /** Makes a call, and resolves with its record when it has settled and its response is read. */
  async call(id: number): Promise<CallRecord> {
    const plan = planCall(this.#job.seed, id);
    const record: CallRecord = {
      id,
      startedAt: performance.now(),
      sends: [],
      outcomes: 0,
      attemptOutcomes: 0,
      gaveUp: 0,
    };
    this.#plans.set(id, plan);
    this.#records.set(id, record);
    const body = digestOf(plan);
    if (body !== undefined) record.body = body;
    const { config, stop } = this.#configOf(plan, record);
    let hung: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      hung = setTimeout(resolve, HUNG_MS, undefined);
    });
    const request = this.#instances[plan.isBare ? 'bare' : 'busy'].request(config).then(
      (response) => settle(record, response, { as: 'response', status: response.status }),
      (error: unknown) => settle(record, error, settledBy(error)),
    );
    const settled = await Promise.race([request, late]);
    clearTimeout(hung);
    stop();
    if (settled === undefined) record.settled = { as: 'hung' };
    else if (record.settled?.as === 'error') discardResponse(settled);
    else if (record.settled?.as === 'response') {
      const { seed, transport } = this.#job;
      const fault = planFault(seed, transport, plan, record.sends.length - 1);
      const isEndless = /endless|stalled/.test(fault);
      await read(
        plan,
        settled as AxiosResponse,
        record,
        isEndless ? ENDLESS_READING_MS : READING_MS,
      );
      record.readAt = performance.now();
    }
    this.#plans.delete(id);
    this.#records.delete(id);
    return record;
  }

  #configOf(plan: CallPlan, record: CallRecord) {
    const { transport, ports } = this.#job;
    const { abortBy, abortAfter, reads, totalTimeout } = plan;
    const controller = new AbortController();
    const source = axios.CancelToken.source();
    const timer =
      abortAfter === undefined
        ? undefined
        : setTimeout(() => {
            record.abortedAt = performance.now();
            if (abortBy === 'token') source.cancel();
            else controller.abort();
          }, abortAfter);
    const config: AxiosRequestConfig = {
      baseURL: `http://127.0.0.1:${ports.server}`,
      url: `/calls/${plan.id}`,
      method: plan.method,
      data: bodyOf(plan, transport),
      headers: plan.key === 'caller' ? { 'Idempotency-Key': `caller-${plan.id}` } : {},
      timeout: plan.timeout,
      responseType: reads === 'abandoned' ? 'stream' : reads,
      httpAgent: this.agent,
      ...(transport === 'http2' && {
        httpVersion: 2,
        http2Options: { sessionTimeout: SESSION_TIMEOUT_MS + (plan.id % SESSIONS) },
      }),
      ...(abortBy === 'signal' && { signal: controller.signal }),
      ...(abortBy === 'shared signal' && { signal: this.signal }),
      ...(abortBy === 'token' && { cancelToken: source.token }),
      ...(plan.isLimited && { maxContentLength: MAX_CONTENT_LENGTH }),
      ...(plan.resolvesAll && { validateStatus: () => true }),
      retry: {
        maxRetries: plan.maxRetries,
        networkErrors: plan.networkErrors,
        idempotencyKey: plan.key === 'option',
        ...(totalTimeout !== undefined && { totalTimeout }),
      },
    };
    return { config, stop: () => clearTimeout(timer) };
  }

  /** An adapter that records each send; on the bare instance it also does what the interceptor would. */
  #recording(adapter: AxiosAdapter, isBare: boolean): AxiosAdapter {
    return async (config) => {
      if (isBare) this.#direct(config);
      const key = config.headers.get('Idempotency-Key') as string | undefined;
      const send = { attempt: retryCount(config), startedAt: performance.now(), key };
      this.#records.get(idOf(config))?.sends.push(send);
      try {
        return await adapter(config);
      } finally {
        Object.assign(send, { endedAt: performance.now() });
      }
    };
  }

  /** Tells the server which attempt it is, and sends some to ports where there is none. */
  #direct(config: AxiosRequestConfig): void {
    const { seed, transport, ports, closedPort } = this.#job;
    const plan = this.#plans.get(idOf(config));
    if (!plan) return;
    const attempt = retryCount(config);
    const fault = planFault(seed, transport, plan, attempt);
    config.headers = Object.assign(config.headers ?? {}, {
      'x-call': String(plan.id),
      'x-attempt': String(attempt),
    });
    if (fault === 'refused') config.baseURL = `http://127.0.0.1:${closedPort}`;
    if (fault === 'reset-at-connect') config.baseURL = `http://127.0.0.1:${ports.resetting}`;
  }
}

function idOf(config: AxiosRequestConfig | undefined): number {
  return Number(config?.url?.split('/').at(-1));
}

function settle<Outcome>(record: CallRecord, outcome: Outcome, settled: Settled): Outcome {
  record.settledAt = performance.now();
  record.settled = settled;
  record.report = retryReport(outcome);
  return outcome;
}

function settledBy(error: unknown): Settled {
  if (axios.isCancel(error)) return { as: 'canceled' };
  const { name, code, status } = error as { name: string; code?: string; status?: number };
  return {
    as: 'error',
    name,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
  };
}

/** Reads a response as its plan says. */
async function read(
  plan: CallPlan,
  response: AxiosResponse,
  record: CallRecord,
  ms: number,
): Promise<void> {
  const { data } = response;
  if (plan.reads === 'abandoned') {
    discard(data);
    record.read = 'abandoned';
    return;
  }
  const bytes = plan.reads === 'stream' ? await readStream(data, ms) : data;
  record.read = bytes === undefined ? 'cut off' : identify(bytes);
}

function identify(data: unknown): NonNullable<CallRecord['read']> {
  try {
    const isBytes = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
    const text = isBytes ? Buffer.from(data as Uint8Array).toString() : data;
    const { id, attempt } = typeof text === 'string' ? JSON.parse(text) : text;
    return Number.isInteger(id) ? [id, attempt] : 'nothing';
  } catch {
    return 'nothing';
  }
}

/** A response that is not taken has to be discarded, as without the plugin. */
function discardResponse(error: unknown): void {
  const { data } = (error as { response?: { data?: unknown } }).response ?? {};
  if (typeof data === 'object' && data !== null && ('destroy' in data || 'getReader' in data)) {
    discard(data as Readable | ReadableStream);
  }
}

function discard(stream: Readable | ReadableStream): void {
  if ('destroy' in stream) stream.on('error', () => undefined).destroy();
  else stream.cancel().catch(() => undefined);
}

/** The bytes of a stream, or `undefined` if it fails or does not end in time. */
async function readStream(
  stream: Readable | ReadableStream,
  ms: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  const isNode = 'destroy' in stream;
  const reader = isNode ? undefined : stream.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (isNode) discard(stream);
    else reader?.cancel().catch(() => undefined);
  }, ms);
  const isWhole = reader
    ? await readWeb(reader, chunks)
    : await readNode(stream as Readable, chunks);
  clearTimeout(timer);
  return isWhole && !isLate ? Buffer.concat(chunks) : undefined;
}

function readNode(stream: Readable, chunks: Uint8Array[]): Promise<boolean> {
  return new Promise((resolve) => {
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.on('end', () => resolve(true));
    stream.on('error', () => resolve(false));
    stream.on('close', () => resolve(false));
  });
}

async function readWeb(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  chunks: Uint8Array[],
): Promise<boolean> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      chunks.push(value);
    }
  } catch {
    return false;
  }
}

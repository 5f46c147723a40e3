// Servers, adapters, callers and hooks that mean harm: a request settles, once, and nothing is left of it.
import { inspect } from 'node:util';
import type { AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError, AxiosHeaders } from 'axios';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { parseRetryAfter } from '../../src/policy/index.js';
import { github, openai } from '../../src/presets/index.js';
import type { Idea } from './idea.js';
import { count, Failures } from './idea.js';
import { mutate } from './mutate.js';
import { anyObject, getter, revoked, throwing } from './objects.js';
import type { Random } from './random.js';
import * as texts from './texts.js';
import { VirtualClock } from './virtual-clock.js';

const HOUR = 3_600_000;
/** In each place where a caller has a credential, but for a query, which the list of waits shows. */
const SECRET = 'hunter2';
const QUERY_SECRET = 'hunter3';

/** Counts its listeners. */
class CountedSignal {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  listeners = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    const held = new Set<unknown>();
    const note = (): void => {
      this.listeners = held.size;
    };
    signal.addEventListener = (type: string, run: never, options?: never) => {
      held.add(run);
      note();
      add(type, run, options);
    };
    signal.removeEventListener = (type: string, run: never) => {
      held.delete(run);
      note();
      remove(type, run);
    };
  }

  abort(): void {
    this.#controller.abort();
  }
}

const anyStatus = (random: Random): unknown =>
  random.oneIn(3)
    ? random.pick([
        0,
        -1,
        1e9,
        NaN,
        Infinity,
        99,
        600,
        503.5,
        '503',
        503n,
        {},
        [503],
        null,
        undefined,
        Symbol('a'),
      ])
    : random.pick([200, 404, 429, 429, 502, 503, 503, 503, 529]);

function anyHeaders(random: Random): unknown {
  const plain: Record<string, unknown> = {
    'retry-after': random.pick<() => unknown>([
      () => undefined,
      () => random.below(100),
      () => texts.digits(random),
      () => texts.httpDate(random).text,
      () => mutate(random, texts.digits(random)),
      () => texts.anyValue(random),
      () => '1,'.repeat(1000),
      () => '9'.repeat(1e5),
      () => Array(1000).fill('1'),
    ])(),
  };
  if (random.oneIn(4)) plain.ratelimit = texts.rateLimit(random);
  if (random.oneIn(4)) plain.date = texts.httpDate(random).text;
  if (random.oneIn(6))
    plain[random.pick(['get', 'has', 'set', 'toJSON', 'constructor', 'then'])] = 'x';
  if (random.oneIn(30)) for (let i = 0; i < 2000; i += 1) plain[`x-${i}`] = 'v';
  if (random.oneIn(30)) plain['x-long'] = 'x'.repeat(1e6);
  return random.pick<() => unknown>([
    () => plain,
    () => plain,
    () => Object.assign(new AxiosHeaders(), plain),
    () => Object.entries(plain).flat(),
    () => undefined,
    () => null,
    () => 'retry-after: 1',
    () => 5,
    () => getter('retry-after', {}),
    () => revoked(),
    () => throwing(),
    () => ({ get: () => '1' }),
    () => JSON.parse('{"__proto__":{"polluted":1},"retry-after":"1"}') as object,
  ])();
}

/** How one attempt ends, and from when on the next may be sent. */
interface Sent {
  readonly at: number;
  readonly status: unknown;
  readonly headers: unknown;
  /** Its body may be a stream, which its caller can still abort. */
  readonly mayBeStream: boolean;
}

/** Whether an adapter of this kind ends each attempt, if need be by its abort. */
const ADAPTERS = {
  resolves: true,
  rejects: true,
  'rejects with a bare error': true,
  'throws at once': true,
  'answers twice': true,
  'answers after an abort': true,
  'is no promise': true,
  'calls both callbacks': true,
  'rejects with no error': true,
  'rejects with a Proxy': true,
  'never answers': false,
  'never answers, but heeds its signal': false,
} as const;
type AdapterKind = keyof typeof ADAPTERS;

function adapterOf(kind: AdapterKind, random: Random, clock: VirtualClock, log: Sent[]) {
  return (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    if (log.length > 50) throw new Error('too many attempts');
    const isLast = log.length > 3;
    const status = isLast ? 200 : anyStatus(random);
    const headers = isLast ? {} : anyHeaders(random);
    const data = anyObject(random);
    const response = { status, statusText: '', headers, config, data } as AxiosResponse;
    if (random.oneIn(10))
      Reflect.deleteProperty(response, random.pick(['config', 'headers', 'status', 'data']));
    if (random.oneIn(40)) getter(random.pick(['status', 'headers', 'data', 'config']), response);
    const hasResponse = !random.oneIn(4);
    const isTold =
      'status' in response && 'headers' in response && (hasResponse || kind === 'resolves');
    log.push({
      at: clock.now(),
      status,
      headers: isTold ? headers : undefined,
      mayBeStream: typeof data === 'function',
    });
    const error = Object.assign(
      new AxiosError('failed', random.pick(['ECONNRESET', 'ERR_BAD_RESPONSE', undefined]) as never),
      {
        config,
        response: hasResponse ? response : undefined,
      },
    );
    if (random.oneIn(20))
      getter(
        random.pick(['code', 'response', 'config', 'message', 'cause', 'isAxiosError']),
        error,
      );
    const isGood = typeof status === 'number' && status < 300;
    const answer = (
      resolve: (value: AxiosResponse) => void,
      reject: (error: unknown) => void,
    ): void => (isGood || kind === 'resolves' ? resolve(response) : reject(error));
    switch (kind) {
      case 'throws at once':
        throw error;
      case 'is no promise':
        return response as never;
      case 'calls both callbacks':
        return new Promise((resolve, reject) => {
          answer(resolve, reject);
          resolve(response);
          reject(error);
          throw error;
        });
      case 'answers twice':
        return new Promise((resolve, reject) => {
          answer(resolve, reject);
          clock.setTimeout(() => {
            reject(error);
            resolve(response);
          }, 1000);
        });
      case 'answers after an abort':
        return new Promise((resolve, reject) => {
          config.signal?.addEventListener?.('abort', () =>
            setImmediate(() => answer(resolve, reject)),
          );
          clock.setTimeout(() => answer(resolve, reject), 5000);
        });
      case 'rejects with a bare error':
        return Promise.reject(new Error('bare'));
      case 'rejects with no error':
        return Promise.reject(texts.anyValue(random));
      case 'rejects with a Proxy':
        return Promise.reject(random.oneIn(2) ? revoked(error) : throwing(error));
      case 'never answers':
        return new Promise(() => undefined);
      case 'never answers, but heeds its signal':
        return new Promise((_, reject) => {
          config.signal?.addEventListener?.('abort', () =>
            reject(new axios.CanceledError(undefined, config as never)),
          );
        });
      default:
        return new Promise(answer);
    }
  };
}

/** A thenable that calls both callbacks, and throws. */
function contradicting(): object {
  function then(resolve: (value: unknown) => void, reject: (error: unknown) => void): never {
    reject(new Error('a'));
    resolve(1);
    throw new Error('b');
  }
  return Object.assign(Object.create(null), { then });
}

/** What a hook may answer. */
function anyAnswer(random: Random): unknown {
  if (random.oneIn(2)) return anySyncAnswer(random);
  return random.pick<() => unknown>([
    () => Promise.reject(throwing(new Error('x'))),
    () => Promise.reject(undefined),
    () => Promise.resolve(anySyncAnswer(random)),
    () => contradicting(),
  ])();
}

function anySyncAnswer(random: Random): unknown {
  return random.pick<() => unknown>([
    () => undefined,
    () => ({ retry: true, delay: random.below(1e6) }),
    () => ({ retry: true, delay: texts.anyValue(random) }),
    () => ({ retry: false }),
    () => revoked(),
    () => throwing(),
    () => anyObject(random),
    () => {
      throw getter('message', new Error('x'));
    },
  ])();
}

function anyOptions(random: Random, clock: VirtualClock): RetryOptions {
  const options: Record<string, unknown> = { clock, maxDelay: random.pick([Infinity, HOUR, 0]) };
  if (random.oneIn(2)) options.networkErrors = true;
  if (random.oneIn(3)) options.jitter = 1;
  if (random.oneIn(3)) options.gate = createGate({ maxQueued: 5 });
  if (random.oneIn(6)) Object.assign(options, random.pick([openai, github])());
  for (const hook of ['decide', 'onRetry', 'beforeRetry', 'onGiveUp']) {
    if (random.oneIn(8)) options[hook] = () => anyAnswer(random);
  }
  // These are not awaited, so a promise that rejects would be the caller's own to handle.
  for (const option of ['hints', 'backoff', 'idempotencyKey']) {
    if (random.oneIn(10)) options[option] = () => anySyncAnswer(random);
  }
  const gate = options.gate as object | undefined;
  // A preset has the options of a gate.
  if (gate !== undefined && !('tryAcquire' in gate)) options.gate = createGate(gate);
  return options as RetryOptions;
}

function anyConfig(random: Random, signal: AbortSignal): AxiosRequestConfig {
  const config: Record<string, unknown> = {
    method: random.pick(['get', 'POST', 'put', 'delete', 'x', undefined]),
    url: `https://me:${SECRET}@a.example/?token=${QUERY_SECRET}`,
    headers: { Authorization: `Bearer ${SECRET}`, 'X-Token': SECRET },
    auth: { username: 'me', password: SECRET },
    data: random.oneIn(3) ? anyObject(random) : { password: SECRET },
    params: random.oneIn(6) ? anyObject(random) : { key: QUERY_SECRET },
    signal,
    retry: random.oneIn(10) ? anyObject(random) : undefined,
  };
  if (random.oneIn(12))
    config[random.pick(['headers', 'url', 'method', 'signal', 'cancelToken', 'baseURL'])] =
      anyObject(random);
  return random.pick([
    () => config,
    () => Object.freeze(config),
    () => Object.seal(config),
    () => new Proxy(config, {}),
    () => (random.oneIn(5) ? throwing(config) : config),
    () => (random.oneIn(5) ? getter('timeout', config) : config),
  ])() as AxiosRequestConfig;
}

const textOf = (make: () => unknown): string => {
  try {
    return String(make());
  } catch {
    // A hostile value of the caller's own, which Axios cannot show either.
    return '';
  }
};

/** What our part of a config, an error or a report shows. */
function shownOf(outcome: unknown): string {
  return textOf(() => {
    const { config } = (outcome ?? {}) as { config?: Record<string, unknown> };
    const own = config?.['axios-status-retry'];
    const report = retryReport(outcome);
    return [
      inspect(own, { depth: 9, showHidden: true }),
      JSON.stringify(own),
      JSON.stringify(report),
    ].join();
  });
}

export const exchange: Idea = async (random, scale) => {
  const failures = new Failures();
  const requests = 500 * scale;
  const tally = { settled: 0, attempts: 0, unanswered: 0 };
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  for (let i = 0; i < requests; i += 1) {
    const clock = new VirtualClock();
    const kind = random.pick(Object.keys(ADAPTERS) as AdapterKind[]);
    const log: Sent[] = [];
    const signal = new CountedSignal();
    const options = anyOptions(random, clock);
    const ends = ADAPTERS[kind] && Object.keys(options).length > 0;
    const totalTimeout = ends && random.oneIn(2) ? Infinity : 2 * HOUR;
    const config = anyConfig(random, signal.signal);
    const shown = {
      request: i,
      kind,
      options,
      log,
      totalTimeout,
      ...(process.env.DEBUG ? { config } : {}),
    };
    const api = axios.create({ adapter: adapterOf(kind, random, clock, log) });
    let handle: ReturnType<typeof attachRetry>;
    try {
      handle = attachRetry(api, { ...options, totalTimeout });
    } catch (error) {
      failures.add('valid options are taken', { ...shown, error });
      continue;
    }
    const outcomes: unknown[] = [];
    const settled = (outcome: unknown): void => void outcomes.push(outcome);
    try {
      api.request(config).then(settled, settled);
    } catch (error) {
      settled(error);
    }
    const abortsAt = random.oneIn(6) ? random.below(100) * 1000 : undefined;
    if (abortsAt !== undefined) {
      await clock.pass(abortsAt);
      signal.abort();
    }
    // Beyond the longest wait, Number.MAX_SAFE_INTEGER, with its jitter and several of them.
    await clock.pass(1e18);
    // An adapter that neither answers nor heeds its signal cannot be ended; Axios waits for it too.
    const isEndless = kind === 'never answers' && log.length > 0;
    if (isEndless) tally.unanswered += 1;
    else if (outcomes.length !== 1)
      failures.add('a request settles exactly once', { ...shown, outcomes: outcomes.length });
    tally.settled += outcomes.length;
    tally.attempts += log.length;
    if (outcomes.length > 1) failures.add('a request settles at most once', shown);
    if (!isEndless && handle.waits.length > 0) failures.add('no wait is left', shown);
    // Those of the adapters have run by now.
    if (!isEndless && clock.left > 0) failures.add('no timer is left', shown);
    const isWatched = isEndless || kind.includes('abort') || kind.includes('signal');
    if (!isWatched && signal.listeners > 0 && log.at(-1)?.mayBeStream !== true) {
      failures.add('no listener is left', { ...shown, listeners: signal.listeners });
    }
    for (const [at, { status, headers, at: sentAt }] of log.slice(0, -1).entries()) {
      const told = leastWait(status, headers, sentAt);
      const next = log[at + 1] as Sent;
      if (next.at - sentAt < told)
        failures.add('nothing is sent before Retry-After', { ...shown, told });
    }
    for (const outcome of outcomes) {
      if (/hunter[23]/.test(shownOf(outcome))) failures.add('no credential is shown', shown);
    }
    if (textOf(() => JSON.stringify(handle.waits)).includes(SECRET))
      failures.add('no wait shows a credential', shown);
    if ('polluted' in {} || 'polluted' in []) {
      failures.add('no prototype is polluted', shown);
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
    if (unhandled.length > 0)
      failures.add('no rejection is unhandled', { ...shown, unhandled: unhandled.splice(0) });
    handle.detach();
  }
  process.off('unhandledRejection', onUnhandled);
  return {
    figures: [
      ['requests through 12 kinds of adapters', count(requests)],
      ['attempts of them', count(tally.attempts)],
      ['requests that settled', count(tally.settled)],
      ['requests whose adapter neither answered nor heeded its signal', count(tally.unanswered)],
    ],
    failures: failures.list,
  };
};

/** The time that a valid Retry-After says; 0 if there is none that can be read. */
function leastWait(status: unknown, headers: unknown, receivedAt: number): number {
  try {
    if (typeof status !== 'number' || typeof headers !== 'object' || Array.isArray(headers))
      return 0;
    const { 'retry-after': value, date, age } = headers as Record<string, unknown>;
    return parseRetryAfter(value, { receivedAt, date, age }) ?? 0;
  } catch {
    return 0;
  }
}

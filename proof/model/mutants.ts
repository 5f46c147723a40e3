// Bugs planted around the package, one at a time: the oracle must find each of them.
import type { AxiosAdapter, AxiosInstance } from 'axios';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { platformBackoff } from '../../src/index.js';
import type { Tools } from './tools.js';
import { TOOLS } from './tools.js';

type Change = (options: RetryOptions) => RetryOptions;

const withOptions = (change: Change): Partial<Tools> => ({
  attachRetry: (api, options = {}) => TOOLS.attachRetry(api, change(options)),
});

/** Wraps each interceptor that is added to one side. */
function wrapping(side: 'request' | 'response', wrap: (run: Run) => Run): Partial<Tools> {
  return {
    prepare(api: AxiosInstance) {
      const manager = api.interceptors[side] as unknown as { use: (...runs: unknown[]) => number };
      const use = manager.use.bind(manager);
      manager.use = (run, ...rest) => use(wrap(run as Run), ...rest);
    },
  };
}
type Run = (value: unknown) => unknown;
const twice =
  (run: Run): Run =>
  (value) => {
    run(value);
    return run(value);
  };

/** Answers say a second less than the played server meant. */
function roundedDown(api: AxiosInstance): void {
  const played = api.defaults.adapter as AxiosAdapter;
  const less = (headers: Record<string, unknown> | undefined) => {
    const value = headers?.['Retry-After'];
    if (headers && /^[1-9]\d*$/.test(String(value)))
      headers['Retry-After'] = `${Number(value) - 1}`;
  };
  api.defaults.adapter = (config) =>
    played(config).then(
      (response) => {
        less(response.headers);
        return response;
      },
      (error) => {
        less(error.response?.headers);
        throw error;
      },
    );
}

function withHandle(change: (handle: RetryHandle) => RetryHandle): Partial<Tools> {
  return { attachRetry: (api, options) => change(TOOLS.attachRetry(api, options)) };
}

export const MUTANTS: Readonly<Record<string, Partial<Tools>>> = {
  'a backoff that is 1 ms short': withOptions((options) => {
    const backoff = options.backoff ?? platformBackoff;
    return { ...options, backoff: (n, failure) => Math.max(backoff(n, failure) - 1, 0) };
  }),
  'a Retry-After that is a second short': { prepare: roundedDown },
  'a clock that is 1 ms ahead half of the time': withOptions(({ clock, ...options }) => ({
    ...options,
    ...(clock && {
      clock: {
        ...clock,
        now: () => clock.now() + 1 * Number(clock.now() % 1000 > 500),
      },
    }),
  })),
  'an outcome that is delivered twice': wrapping('response', twice),
  'a request interceptor that runs twice': wrapping('request', twice),
  'one retry too many': withOptions((options) => ({
    ...options,
    maxRetries: (options.maxRetries ?? 5) + 1,
  })),
  'an abort listener that stays': {
    prepare(api) {
      api.interceptors.request.use((config) => {
        config.signal?.addEventListener?.('abort', () => undefined);
        return config;
      });
    },
  },
  'an onGiveUp that is not called': withOptions(({ onGiveUp, ...options }) => ({
    ...options,
    ...(onGiveUp && {
      onGiveUp: (report, context) =>
        report.gaveUp === 'max-retries' ? undefined : onGiveUp(report, context),
    }),
  })),
  'an onRetry that is called twice': withOptions(({ onRetry, ...options }) => ({
    ...options,
    ...(onRetry && {
      onRetry: (wait, context) => {
        void onRetry(wait, context);
        return onRetry(wait, context);
      },
    }),
  })),
  'a wait that stays in handle.waits': withHandle((handle) => {
    let kept: RetryHandle['waits'] = [];
    return {
      ...handle,
      get waits() {
        kept = handle.waits.length > 0 ? handle.waits : kept;
        return kept;
      },
    };
  }),
  "a changed config of the caller's": {
    prepare(api) {
      const request = api.request.bind(api);
      api.request = ((config: { headers?: Record<string, string> }) => {
        if (config.headers && Object.getPrototypeOf(config.headers) === Object.prototype)
          config.headers['X-Seen'] = '1';
        return request(config as never);
      }) as never;
    },
  },
  'a permit that is not released': withOptions(({ gate, ...options }) => {
    if (!gate) return options;
    const leaking = new Proxy(gate, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name !== 'tryAcquire') return typeof value === 'function' ? value.bind(target) : value;
        return (...given: Parameters<typeof gate.tryAcquire>) =>
          target.tryAcquire(...given) && { release: () => undefined };
      },
    });
    return { ...options, gate: leaking };
  }),
  'a report with another delay': {
    retryReport: (value) => {
      const report = TOOLS.retryReport(value);
      const [first, ...rest] = report?.attempts ?? [];
      if (!report || !first || rest.length === 0) return report;
      return { ...report, attempts: [{ ...first, delay: (first.delay ?? 0) + 5 }, ...rest] };
    },
  },
  'a POST without a key that is sent again after a network error': withOptions(
    ({ decide, ...options }) => ({
      ...options,
      decide: (decision, context) =>
        !decision.retry && decision.reason !== 'status' && context.response === undefined
          ? { retry: true, delay: 100 }
          : (decide?.(decision, context) ?? decision),
    }),
  ),
  'a timer that stays': withOptions((options) => {
    options.clock?.setTimeout(() => undefined, 2 ** 30);
    return options;
  }),
  'a rejection that nobody handles': {
    prepare(api) {
      api.interceptors.response.use(undefined, (error) => {
        void Promise.reject(error);
        throw error;
      });
    },
  },
};

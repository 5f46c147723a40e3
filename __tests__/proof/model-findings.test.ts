// What `npm run proof -- --only model` found. Each test is a rule of the contract in its smallest script.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError, CanceledError, isCancel } from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';

const START = Date.UTC(2030, 0, 1);

/** An answer as Axios's adapters give it: an error where `validateStatus` says so. */
function answer(config: InternalAxiosRequestConfig, status: number, headers = {}): AxiosResponse {
  const response = { status, statusText: '', headers, data: '', config };
  if (config.validateStatus?.(status) !== false) return response;
  throw new AxiosError(`status ${status}`, 'ERR_BAD_RESPONSE', config, {}, response);
}

function setUp(adapter: (config: InternalAxiosRequestConfig) => Promise<AxiosResponse>) {
  const clock = createTestClock(START);
  const sent: (readonly [url: string | undefined, at: number])[] = [];
  const played: AxiosAdapter = (config) => {
    sent.push([config.url, clock.now() - START]);
    return adapter(config);
  };
  const api = axios.create({ adapter: played, baseURL: 'https://api.example' });
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  return { clock, api, sent, sleep };
}

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => {
      throw new Error('It succeeded.');
    },
    (error) => error,
  );

it('does not wait longer when the wall clock is set back while decide is under way', async () => {
  let statuses = [502, 200];
  const { clock, api, sent, sleep } = setUp(async (config) => {
    const [status = 200, ...rest] = statuses;
    statuses = rest;
    return answer(config, status);
  });
  let offset = 0;
  attachRetry(api, {
    clock: {
      now: () => clock.now() + offset,
      setTimeout: (run, ms) => clock.setTimeout(run, ms),
      clearTimeout: (timer) => clock.clearTimeout(timer),
    },
    backoff: () => 1000,
    decide: async (decision) => {
      await sleep(100);
      return decision;
    },
  });
  const request = api.get('/');
  await clock.advance(50);
  offset = -3_600_000;
  await clock.runAll();
  await request;
  // A second after the hook at the latest, and a timer's interval for a clock that was set.
  expect(sent[1]?.[1]).toBeLessThanOrEqual(100 + 1000 + 15_000);
});

it("ends with Axios's CanceledError when an abort came before totalTimeout, however long an interceptor holds it", async () => {
  const { clock, api, sleep } = setUp(
    (config) =>
      new Promise((_resolve, reject) => {
        config.signal?.addEventListener?.('abort', () => reject(new CanceledError('', config)));
      }),
  );
  api.interceptors.response.use(undefined, async (error) => {
    await sleep(900);
    throw error;
  });
  attachRetry(api, { clock, totalTimeout: 600 });
  const controller = new AbortController();
  const failure = failureOf(api.get('/', { signal: controller.signal }));
  await clock.advance(10);
  controller.abort();
  await clock.runAll();
  expect(isCancel(await failure)).toBe(true);
});

it("ends with Axios's CanceledError when its cancelToken was cancelled while a request interceptor held it beyond totalTimeout", async () => {
  const { clock, api, sleep } = setUp(async (config) => answer(config, 200));
  attachRetry(api, { clock, totalTimeout: 600 });
  api.interceptors.request.use(async (config) => {
    await sleep(900);
    return config;
  });
  const { token, cancel } = axios.CancelToken.source();
  const failure = failureOf(api.get('/', { cancelToken: token }));
  await clock.advance(10);
  cancel();
  await clock.runAll();
  expect(isCancel(await failure)).toBe(true);
});

it('calls onGiveUp when decide wanted a retry that is too long, and whose body no ticket can hold', async () => {
  const { clock, api } = setUp(async (config) => answer(config, 404));
  const gaveUp: unknown[] = [];
  attachRetry(api, {
    clock,
    maxDelay: 0,
    deferral: createDeferral({ save: () => undefined }),
    decide: () => ({ retry: true, delay: 500 }),
    onGiveUp: (report) => void gaveUp.push(report.gaveUp),
  });
  const failure = failureOf(api.post('/', new FormData()));
  await clock.runAll();
  expect(retryReport(await failure)?.gaveUp).toBe('body');
  expect(gaveUp).toEqual(['body']);
});

it('never has more than maxConcurrency requests in flight, however long one of them takes', async () => {
  let inFlight = 0;
  let most = 0;
  const { clock, api, sleep } = setUp(async (config) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await sleep(config.url === '/slow' ? 400_000 : 10);
    inFlight -= 1;
    return answer(config, 200);
  });
  attachRetry(api, { clock, gate: createGate({ maxConcurrency: 1 }) });
  const requests = [api.get('/slow'), api.get('/next')];
  await clock.runAll();
  await Promise.all(requests);
  expect(most).toBe(1);
});

it('sends no first request through a gate that closed while a later request interceptor held it', async () => {
  const { clock, api, sent, sleep } = setUp(async (config) => {
    await sleep(10);
    return config.url === '/refused'
      ? answer(config, 503, { 'retry-after': '7' })
      : answer(config, 200);
  });
  attachRetry(api, { clock, gate: createGate(), maxRetries: 0 });
  // Registered after the plugin: it runs before the plugin's own request interceptor, where the gate stands.
  api.interceptors.request.use(async (config) => {
    if (config.url === '/held') await sleep(40);
    return config;
  });
  const requests = [failureOf(api.get('/refused')), api.get('/held')];
  await clock.runAll();
  await Promise.all(requests);
  expect(sent[1]?.[1]).toBeGreaterThanOrEqual(7010);
});

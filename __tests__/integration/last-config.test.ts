// The config on the error of a call that ended in a wait.
import type { AxiosError, AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import type { RetryHandle, RetryOptions } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

type Timed = InternalAxiosRequestConfig & { startedAt?: number; attempt?: number };

/** Request interceptors as apps have them: a start time, a header, another URL. */
function instrument(api: AxiosInstance): void {
  let attempts = 0;
  api.interceptors.request.use((config: Timed) => {
    attempts += 1;
    config.startedAt = 5;
    config.attempt = attempts;
    config.headers.set('X-Trace', `trace-${attempts}`);
    config.url = `/v1${config.url}`;
    delete config.maxBodyLength;
    return config;
  });
}

const SHOWN = { startedAt: 5, attempt: 1, url: '/v1/', data: '{"a":1}', method: 'post' };

describe('the config of a call that ends in a wait', () => {
  let caller = new AbortController();
  const ends: [string, RetryOptions, (handle: RetryHandle) => unknown][] = [
    ['cancel()', {}, ({ waits }) => waits[0]?.cancel()],
    ['detach()', {}, (handle) => handle.detach()],
    ['an abort', {}, () => caller.abort()],
    [
      'totalTimeout while a hook is asked',
      { totalTimeout: 9000, onRetry: () => new Promise(() => 0) },
      () => 0,
    ],
  ];

  it.each(ends)('has what request interceptors have added, after %s', async (_, options, end) => {
    const { api, clock, handle } = setUp([503], options);
    instrument(api);
    caller = new AbortController();
    const request = failureOf(api.post('/', { a: 1 }, { signal: caller.signal }));
    await clock.advance(1000);
    end(handle);
    await clock.advance(8000);
    const { config } = await request;
    expect(config).toMatchObject(SHOWN);
    expect(config?.headers.get('X-Trace')).toBe('trace-1');
    expect(config?.headers.get('Content-Type')).toBe('application/json');
    expect(config).not.toHaveProperty('maxBodyLength');
  });

  it('has what they have added to the last attempt', async () => {
    const { api, clock, handle } = setUp([503, 503]);
    instrument(api);
    const request = failureOf(api.post('/', { a: 1 }));
    await clock.advance(8000);
    handle.detach();
    expect((await request).config).toMatchObject({ ...SHOWN, attempt: 2 });
  });

  it('has it where the wait is handed over, or refused by a gate', async () => {
    const save = (): void => undefined;
    const deferral = createDeferral({ save });
    const deferred = setUp([503], { maxDelay: 1, deferral });
    deferred.api.defaults.baseURL = 'https://api.example';
    const refused = setUp([503], { maxElapsed: 9000, gate: createGate() });
    for (const { api, clock } of [deferred, refused]) {
      instrument(api);
      const request = failureOf(api.post('/', { a: 1 }));
      await clock.advance(0);
      await clock.runAll();
      const { config } = await request;
      expect(config).toMatchObject({ startedAt: 5, url: '/v1/' });
    }
  });

  it('is the same as without the plugin', async () => {
    const { api, clock, handle, sent } = setUp([503]);
    instrument(api);
    const plain = axios.create({ adapter: api.defaults.adapter as never });
    instrument(plain);
    const expected = { ...(await failureOf(plain.post('/', { a: 1 }))).config } as Timed;
    sent.splice(0);
    const request = failureOf(api.post('/', { a: 1 }));
    await clock.advance(0);
    handle.waits[0]?.cancel();
    const { config } = await request;
    const { 'axios-status-retry': state, ...shown } = config as unknown as Record<string, unknown>;
    expect(shown).toEqual(expected);
    expect(JSON.parse(JSON.stringify(state))).toEqual(retryReport(await request));
  });
});

describe('a config that the plugin makes', () => {
  const TRACE = Symbol('trace');

  it('has the caller’s symbol keys on each attempt, as in Axios from 1.19 on', async () => {
    const { api, clock, get } = setUp([503, 200]);
    const seen: unknown[] = [];
    api.interceptors.request.use((config) => {
      seen.push((config as unknown as Record<symbol, unknown>)[TRACE]);
      return config;
    });
    const request = get({ [TRACE]: 'yes' } as object);
    await clock.runAll();
    await request;
    expect(seen).toEqual(['yes', 'yes']);
  });

  it('has the caller’s symbol keys if no interceptor stands, too', async () => {
    const seen: unknown[] = [];
    const beforeRetry = (config: object): void => {
      seen.push((config as Record<symbol, unknown>)[TRACE]);
    };
    const { clock, get } = setUp([503, 200], { beforeRetry });
    const request = get({ [TRACE]: 'yes' } as object);
    await clock.runAll();
    await request;
    expect(seen).toEqual(['yes']);
  });

  it('answers hasOwnProperty, as Axios’s own do', async () => {
    const configs: object[] = [];
    const keep = (config: object): string => {
      configs.push(config);
      return 'key';
    };
    const gate = createGate({ key: keep });
    const { fail } = setUp([503], { beforeRetry: keep, gate, maxRetries: 1 });
    configs.push(((await fail()) as AxiosError).config as object);
    expect(configs.length).toBeGreaterThan(2);
    for (const config of configs) {
      // biome-ignore lint/suspicious/noPrototypeBuiltins: it is what is tested
      expect(config.hasOwnProperty('url')).toBe(true);
      expect(Object.keys(config)).not.toContain('hasOwnProperty');
    }
  });
});

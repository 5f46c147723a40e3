import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import type { RetryContext, RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

/** What each hook is told of a request that fails twice. */
async function contextsOf(config: AxiosRequestConfig = {}): Promise<[string, RetryContext][]> {
  const told: [string, RetryContext][] = [];
  const options: RetryOptions = {
    networkErrors: true,
    maxRetries: 1,
    decide: (decision, context) => {
      told.push(['decide', context]);
      return decision;
    },
    onRetry: (_, context) => void told.push(['onRetry', context]),
    beforeRetry: (_, context) => void told.push(['beforeRetry', context]),
    onGiveUp: (_, context) => void told.push(['onGiveUp', context]),
  };
  const { api, clock, get } = setUp([503], options);
  api.interceptors.request.use((sent) => {
    sent.headers.set('X-Sent', 'yes');
    return sent;
  });
  const settled = get(config).catch(() => undefined);
  await clock.runAll();
  await settled;
  expect(told).toHaveLength(5);
  return told;
}

describe('a call that is aborted while an interceptor holds its answer', () => {
  it('is neither handed over nor paid for', async () => {
    const withdraw = jest.fn(() => true);
    const defer = jest.fn(async () => undefined);
    for (const maxDelay of [1, 1e9]) {
      const controller = new AbortController();
      const { api, clock, get } = setUp([503]);
      api.interceptors.response.use(undefined, (error) => {
        controller.abort();
        throw error;
      });
      attachRetry(api, {
        clock,
        maxDelay,
        budget: { withdraw, deposit: () => undefined },
        deferral: { attach: () => undefined, defer },
      });
      expect(axios.isCancel(await failureOf(get({ signal: controller.signal })))).toBe(true);
    }
    expect(withdraw).not.toHaveBeenCalled();
    expect(defer).not.toHaveBeenCalled();
  });
});

describe('a network error of a POST', () => {
  it.each([true, false])(
    'is retried if the caller gave it an idempotency key: %p',
    async (keyed) => {
      const { api, sent, clock } = setUp([200], { networkErrors: true });
      const adapter = api.defaults.adapter as AxiosAdapter;
      let attempts = 0;
      api.defaults.adapter = async (config) => {
        attempts += 1;
        if (attempts > 1) return adapter(config);
        throw new AxiosError('reset', 'ECONNRESET', config);
      };
      const headers = keyed ? { 'idempotency-KEY': 'mine' } : {};
      const settled = api.post('/', {}, { headers }).catch(() => undefined);
      await clock.runAll();
      await settled;
      expect(sent).toHaveLength(keyed ? 1 : 0);
    },
  );
});

describe('the context of a hook', () => {
  it('has the config of the attempt in question, as it was sent or is to be sent', async () => {
    const told = await contextsOf();
    expect(told.map(([name, { config }]) => [name, config.headers.get('X-Sent')])).toEqual([
      ['decide', 'yes'],
      ['onRetry', 'yes'],
      ['beforeRetry', undefined],
      ['decide', 'yes'],
      ['onGiveUp', 'yes'],
    ]);
  });

  it('has the error alone where there was no response', async () => {
    const adapter: AxiosAdapter = async (config) => {
      throw new AxiosError('reset', 'ECONNRESET', config);
    };
    for (const [, context] of await contextsOf({ adapter })) {
      expect(context).not.toHaveProperty('response');
      expect(context.error?.code).toBe('ECONNRESET');
    }
  });

  it.each<[string, AxiosRequestConfig, string[]]>([
    ['a response and its error', {}, ['response', 'error']],
    ['no error that Axios did not make', { validateStatus: null }, ['response']],
  ])('has %s', async (_, config, expected) => {
    for (const [, context] of await contextsOf(config)) {
      const { response, error } = context;
      expect(Object.keys(context).filter((key) => /^(response|error)$/.test(key))).toEqual(
        expected,
      );
      expect(response?.status).toBe(503);
      expect(error?.response).toBe(error && response);
    }
  });
});

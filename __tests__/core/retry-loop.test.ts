import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { AxiosError } from 'axios';
import type { RetryContext, RetryOptions } from '../../src/index.js';
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

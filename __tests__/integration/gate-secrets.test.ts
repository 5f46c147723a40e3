import { inspect } from 'node:util';
import type { AxiosRequestConfig } from 'axios';
import type { GateOptions } from '../../src/gate/index.js';
import { isRetryGateError } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { setUp, setUpClosed } from '../support/gate-client.js';

describe('a gate', () => {
  const secret = 's3cr3t';
  const config: AxiosRequestConfig = {
    baseURL: `https://user:${secret}@api.example`,
    headers: { Authorization: `Bearer ${secret}`, Cookie: secret },
    auth: { username: 'user', password: secret },
    params: { token: secret },
    data: { password: secret },
  };

  it.each<[string, GateOptions, RetryOptions]>([
    ['closed', {}, { maxDelay: 1000 }],
    ['closed for longer than maxElapsed', {}, { maxElapsed: 1000 }],
    ['full', { maxQueued: 0 }, {}],
  ])('puts no credentials into the error when it is %s', async (_words, gateOptions, options) => {
    const key = () => secret;
    const { get } = await setUpClosed({ key, ...gateOptions }, options);
    const { error } = await get('/x', config);
    expect(isRetryGateError(error)).toBe(true);
    const said = [String(error), error?.stack, inspect(error), JSON.stringify(error)].join();
    expect(said).not.toContain(secret);
    expect(JSON.stringify(retryReport(error))).not.toContain(secret);
  });

  it('puts no credentials into the error when the key is invalid', async () => {
    const key = (() => ({ secret })) as unknown as () => string;
    const { get } = setUp(() => 200, { key });
    const { error } = await get('/x', config);
    expect(error).toBeInstanceOf(TypeError);
    expect([String(error), inspect(error)].join()).not.toContain(secret);
  });

  it('shows no credentials in a wait', async () => {
    const { clock, get, handle } = await setUpClosed({ key: () => '' });
    get(`https://user:${secret}@api.example/x`, { headers: { Authorization: secret } });
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ url: 'https://api.example/x' }]);
    expect(inspect(handle.waits, { depth: 9 })).not.toContain(secret);
  });

  it('gives the config of the request to interceptors in its error', async () => {
    const { get } = await setUpClosed({ maxQueued: 0 });
    const { error } = await get('/x', { headers: { 'X-Id': '7' } });
    expect(isRetryGateError(error) && error.config.url).toBe('/x');
    expect(isRetryGateError(error) && error.config.headers.get('X-Id')).toBe('7');
  });
});

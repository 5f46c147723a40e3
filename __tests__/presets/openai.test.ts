import type { AxiosInstance } from 'axios';
import { openai } from '../../src/presets/openai.js';
import { SECOND } from '../support/gate-client.js';
import { answer, refusals, replay, setUpGate } from '../support/preset-client.js';

const post = (api: AxiosInstance) => api.post('/v1/responses', { model: 'gpt' });

const error = (parts: object) => ({ error: { message: '', param: null, ...parts } });
const SPENT = error({ type: 'insufficient_quota', code: 'insufficient_quota' });

describe('a refusal of OpenAI', () => {
  it.each<[number, Record<string, string>, number]>([
    [429, { 'Retry-After': '20' }, 20_000],
    [429, { 'retry-after-ms': '812.5' }, 813],
    [429, { 'retry-after-ms': '812.5', 'Retry-After': '1' }, 1000],
    [503, { 'Retry-After': '5' }, 5000],
    [429, { 'x-ratelimit-reset-requests': '6m0s' }, 500],
  ])('with %d and %j is sent again after %d ms', async (status, headers, delay) => {
    expect(await replay(openai(), [answer(status, headers), answer(200)], post)).toEqual({
      status: 200,
      waits: [delay],
    });
  });

  it.each([408, 409, 429, 500, 502, 503, 504, 520])(
    'with %d and no time is sent again after 0.5 s, doubled up to 8 s, POST too',
    async (status) => {
      const ending = await replay(openai(), [answer(status)], post, { maxRetries: 6 });
      expect(ending.waits).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
    },
  );

  it.each(['slow_down', 'rate_limit_exceeded'])('for %s is retried', async (code) => {
    const body = error({ type: 'rate_limit_error', code });
    expect((await replay(openai(), [answer(429, {}, body), answer(200)], post)).status).toBe(200);
  });
});

describe('a 429 of OpenAI that never passes', () => {
  it.each<[string, unknown]>([
    ['a spent credit', SPENT],
    ['a spent balance', error({ type: 'x', code: 'credit_balance_exhausted' })],
    ['a spend limit of the organization', error({ code: 'organization_spend_limit_exceeded' })],
    ['a spend limit of the project', error({ code: 'project_spend_limit_exceeded' })],
    ['a usage limit', error({ code: 'organization_usage_limit_exceeded' })],
    ['an account without billing', error({ type: 'billing_not_active' })],
    [
      'a request larger than a minute',
      error({ type: 'tokens', message: 'Request too large for gpt-4o: Limit 1, Requested 2.' }),
    ],
  ])('is not retried, whatever the headers say: %s', async (_what, body) => {
    const headers = { 'Retry-After': '1', 'x-should-retry': 'true' };
    expect(await replay(openai(), [answer(429, headers, body)], post)).toEqual({
      status: 429,
      gaveUp: 'hint',
      waits: [],
    });
  });

  it('is seen in a body that Axios has not parsed', async () => {
    const ending = await replay(openai(), [answer(429, {}, SPENT)], (api) =>
      api.get('/', { responseType: 'text' }),
    );
    expect(ending.gaveUp).toBe('hint');
  });

  it('is not seen in a stream, and is retried as another 429', async () => {
    const ending = await replay(
      openai(),
      [answer(429, {}, SPENT)],
      (api) => api.get('/', { responseType: 'stream' }),
      { maxRetries: 1 },
    );
    expect(ending).toMatchObject({ gaveUp: 'max-retries', waits: [500] });
  });
});

describe('x-should-retry of OpenAI', () => {
  it('ends a call whose status is retried', async () => {
    const answers = [answer(503, { 'x-should-retry': 'false' })];
    expect(await replay(openai(), answers, post)).toMatchObject({ gaveUp: 'hint', waits: [] });
  });

  it('retries another status after the short backoff', async () => {
    const answers = [answer(400, { 'x-should-retry': 'true' }), answer(200)];
    expect(await replay(openai(), answers, post)).toEqual({ status: 200, waits: [500] });
  });

  it.each([400, 401, 403, 404, 422])('is needed for a %d', async (status) => {
    expect(await replay(openai(), [answer(status)], post)).toMatchObject({ gaveUp: 'status' });
  });
});

describe('the gate of OpenAI', () => {
  const told = (remaining: number, tokens = 1000) => ({
    after: 20,
    headers: {
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': String(remaining),
      'x-ratelimit-reset-requests': remaining < 5 ? '1m0s' : '0s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': String(tokens),
      'x-ratelimit-reset-tokens': tokens > 0 ? '12ms' : '6m0s',
    },
  });

  it('spends the requests that are left and then waits for the reset', async () => {
    const { clock, server, get } = setUpGate(openai(), ({ index }) => told(4 - (index % 5)));
    for (let i = 0; i < 8; i += 1) get(`/${i}`);
    await clock.advance(SECOND);
    get('/late');
    await clock.advance(30 * SECOND);
    expect(server.sent.length).toBeLessThan(9);
    await clock.runAll();
    expect([server.sent.length, refusals(server.sent)]).toEqual([9, 0]);
  });

  it('waits for tokens when none are left', async () => {
    const { clock, server, get } = setUpGate(openai(), ({ index }) =>
      index === 0 ? told(4, 0) : told(4),
    );
    get('/first');
    await clock.advance(SECOND);
    get('/next');
    await clock.advance(358 * SECOND);
    expect(server.urls).toEqual(['/first']);
    await clock.runAll();
    expect(server.urls).toEqual(['/first', '/next']);
  });

  it('holds one model and not another', async () => {
    const { clock, server, get } = setUpGate(openai(), () => told(0));
    get('/first', { data: { model: 'large' } });
    await clock.advance(SECOND);
    get('/held', { data: '{"model":"large"}' });
    get('/other', { data: { model: 'small' } });
    get('/none');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/first', '/other', '/none']);
  });
});

import type { AxiosInstance } from 'axios';
import { anthropic } from '../../src/presets/anthropic.js';
import { SECOND, START } from '../support/gate-client.js';
import { answer, refusals, replay, setUpGate } from '../support/preset-client.js';

const post = (api: AxiosInstance) => api.post('/v1/messages', { model: 'large' });
const RATE_LIMIT = { type: 'error', error: { type: 'rate_limit_error', message: 'too many' } };
const SPEND_LIMIT = {
  type: 'error',
  error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } },
};

describe('a 429 of Anthropic', () => {
  it('is sent again after Retry-After', async () => {
    const answers = [answer(429, { 'Retry-After': '12' }, RATE_LIMIT), answer(200)];
    expect(await replay(anthropic(), answers, post)).toEqual({ status: 200, waits: [12_000] });
  });

  it('without Retry-After is not retried: a spend limit has none', async () => {
    expect(await replay(anthropic(), [answer(429, {}, RATE_LIMIT)], post)).toEqual({
      status: 429,
      gaveUp: 'no-retry-after',
      waits: [],
    });
  });

  it('for the spend limit is not retried, whatever the headers say', async () => {
    const headers = { 'Retry-After': '1', 'x-should-retry': 'true' };
    expect(await replay(anthropic(), [answer(429, headers, SPEND_LIMIT)], post)).toEqual({
      status: 429,
      gaveUp: 'hint',
      waits: [],
    });
  });
});

it.each([400, 429])(
  'a %d of Anthropic is retried after the short backoff if x-should-retry is true',
  async (status) => {
    const answers = [answer(status, { 'x-should-retry': 'true' }, RATE_LIMIT), answer(200)];
    expect(await replay(anthropic(), answers, post)).toEqual({ status: 200, waits: [500] });
  },
);

it.each([408, 409, 500, 502, 504, 529])(
  'a %d of Anthropic is sent again after 0.5 s, doubled up to 8 s, POST too',
  async (status) => {
    const ending = await replay(anthropic(), [answer(status)], post, { maxRetries: 6 });
    expect(ending.waits).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  },
);

it('a 529 of Anthropic waits as long as Retry-After says', async () => {
  const answers = [answer(529, { 'Retry-After': '3' }), answer(200)];
  expect((await replay(anthropic(), answers, post)).waits).toEqual([3000]);
});

it.each([400, 401, 402, 403, 404, 413])('a %d of Anthropic is not retried', async (status) => {
  expect(await replay(anthropic(), [answer(status)], post)).toMatchObject({ gaveUp: 'status' });
});

it('a 503 of Anthropic is not retried if x-should-retry is false', async () => {
  const answers = [answer(503, { 'x-should-retry': 'false' })];
  expect(await replay(anthropic(), answers, post)).toMatchObject({ gaveUp: 'hint', waits: [] });
});

describe('the gate of Anthropic', () => {
  /** The headers of one limit, which is full again so many seconds from the start. */
  const told = (name: string, remaining: number, resetAt: number) => ({
    [`anthropic-ratelimit-${name}-limit`]: '5',
    [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
    [`anthropic-ratelimit-${name}-reset`]: new Date(START + resetAt * SECOND).toISOString(),
  });

  it('spends the requests that are left and then waits for the reset, without one refusal', async () => {
    const { clock, server, get } = setUpGate(anthropic(), ({ at, index }) => ({
      after: 20,
      headers: told('requests', 4 - (index % 5), Math.floor(at / 60_000) * 60 + 60),
    }));
    get('/first');
    await clock.advance(SECOND);
    for (let i = 0; i < 9; i += 1) get(`/${i}`);
    await clock.advance(58 * SECOND);
    expect(server.sent).toHaveLength(5);
    await clock.runAll();
    expect([server.sent.length, refusals(server.sent)]).toEqual([10, 0]);
  });

  it.each(['tokens', 'input-tokens', 'output-tokens'])(
    'waits when no %s are left',
    async (name) => {
      const { clock, server, get } = setUpGate(anthropic(), ({ index }) => ({
        headers: index === 0 ? told(name, 0, 30) : {},
      }));
      get('/first');
      await clock.advance(SECOND);
      get('/next');
      await clock.advance(28 * SECOND);
      expect(server.urls).toEqual(['/first']);
      await clock.advance(2 * SECOND);
      expect(server.urls).toEqual(['/first', '/next']);
    },
  );

  it('holds one model and not another', async () => {
    const { clock, server, get } = setUpGate(anthropic(), () => ({
      headers: told('requests', 0, 60),
    }));
    get('/first', { data: { model: 'large' } });
    await clock.advance(SECOND);
    get('/held', { data: { model: 'large' } });
    get('/other', { data: { model: 'small' } });
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/first', '/other']);
  });
});

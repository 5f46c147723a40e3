import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { stripe } from '../../src/presets/stripe.js';
import { numbered, SECOND } from '../support/gate-client.js';
import { answer, replay, setUpGate } from '../support/preset-client.js';

const KEYED = { idempotencyKey: true };
const post = (config?: AxiosRequestConfig) => (api: AxiosInstance) =>
  api.post('/v1/charges', 'amount=1', config);
const LOCKED = { error: { type: 'invalid_request_error', code: 'lock_timeout' } };

describe('a POST to Stripe with an idempotency key', () => {
  it.each([409, 429, 500, 502, 503])(
    'is sent again after a %d: 0.5 s, doubled up to 5 s',
    async (status) => {
      const ending = await replay(stripe(), [answer(status)], post(), KEYED);
      expect(ending.waits).toEqual([500, 1000, 2000, 4000, 5000]);
    },
  );

  it('is sent again after a lock time-out', async () => {
    const answers = [answer(429, { 'Stripe-Should-Retry': 'true' }, LOCKED), answer(200)];
    expect(await replay(stripe(), answers, post(), KEYED)).toEqual({ status: 200, waits: [500] });
  });

  it.each([409, 429, 500])('is not sent again if Stripe says so with a %d', async (status) => {
    const answers = [answer(status, { 'Stripe-Should-Retry': 'false' })];
    expect(await replay(stripe(), answers, post(), KEYED)).toEqual({
      status,
      gaveUp: 'hint',
      waits: [],
    });
  });

  it.each([400, 401, 402, 403, 404])('is not sent again after a %d', async (status) => {
    const body = { error: { type: 'idempotency_error' } };
    const ending = await replay(stripe(), [answer(status, {}, body)], post(), KEYED);
    expect(ending).toMatchObject({ gaveUp: 'status', waits: [] });
  });
});

describe('a POST to Stripe without an idempotency key', () => {
  it.each([409, 500, 502, 503, 504])('is not sent again after a %d', async (status) => {
    expect(await replay(stripe(), [answer(status)], post())).toEqual({
      status,
      gaveUp: 'decided',
      waits: [],
    });
  });

  it('is not sent again even if Stripe says so, as it could charge twice', async () => {
    const answers = [answer(500, { 'Stripe-Should-Retry': 'true' })];
    expect(await replay(stripe(), answers, post())).toMatchObject({ gaveUp: 'decided' });
  });

  it('is sent again after a 429, which has done nothing', async () => {
    const answers = [answer(429), answer(200)];
    expect(await replay(stripe(), answers, post())).toEqual({ status: 200, waits: [500] });
  });

  it('may have a key of the caller', async () => {
    const config = { headers: { 'Idempotency-Key': 'mine' } };
    expect((await replay(stripe(), [answer(500), answer(200)], post(config))).status).toBe(200);
  });
});

it.each(['get', 'delete'])('a %s of Stripe needs no key', async (method) => {
  const send = (api: AxiosInstance) => api.request({ method, url: '/v1/charges/1' });
  expect((await replay(stripe(), [answer(503), answer(200)], send)).status).toBe(200);
});

describe('the gate of Stripe', () => {
  it('sends 100 requests in a second, and no more', async () => {
    const { clock, server, getAll } = setUpGate(stripe(), () => ({ after: 10 }));
    getAll(...numbered(250));
    await clock.advance(999);
    expect(server.sent).toHaveLength(100);
    await clock.runAll();
    expect(server.sent).toHaveLength(250);
  });

  it.each([
    ['global-rate', []],
    ['endpoint-rate', ['/next']],
    ['resource-specific', ['/next']],
  ])('is closed for a second to all by %s only', async (reason, next) => {
    const headers = { 'stripe-rate-limited-reason': reason };
    const { clock, server, get } = setUpGate(stripe(), ({ index }) =>
      index === 0 ? { status: 429, headers } : 200,
    );
    get('/first');
    await clock.advance(0);
    get('/next');
    await clock.advance(400);
    expect(server.urls).toEqual(['/first', ...next]);
    await clock.advance(2 * SECOND);
    expect(server.sent).toHaveLength(3);
  });
});

import type { AxiosInstance } from 'axios';
import { microsoftGraph } from '../../src/presets/microsoft-graph.js';
import { SECOND } from '../support/gate-client.js';
import { answer, refusals, replay, setUpGate } from '../support/preset-client.js';

const post = (api: AxiosInstance) => api.post('/v1.0/users', {});
const error = (code: string) => ({ error: { code, message: '' } });

it.each([429, 503, 504, 509])('a %d of Graph is sent again after Retry-After', async (status) => {
  const answers = [answer(status, { 'Retry-After': '10' }, error('TooManyRequests')), answer(200)];
  expect(await replay(microsoftGraph(), answers, post)).toEqual({ status: 200, waits: [10_000] });
});

it.each([429, 503, 504, 509])(
  'a %d of Graph without Retry-After is sent again after 3 s, then after twice as long',
  async (status) => {
    const ending = await replay(microsoftGraph(), [answer(status)], post);
    expect(ending.waits).toEqual([3000, 6000, 12_000, 24_000, 48_000]);
  },
);

describe('a 409 of Graph', () => {
  it('about two changes at once is retried', async () => {
    const answers = [answer(409, {}, error('Directory_ConcurrencyViolation')), answer(200)];
    expect(await replay(microsoftGraph(), answers, post)).toEqual({ status: 200, waits: [3000] });
  });

  it('is the only status that is retried for that', async () => {
    const answers = [answer(400, {}, error('Directory_ConcurrencyViolation'))];
    expect(await replay(microsoftGraph(), answers, post)).toMatchObject({ gaveUp: 'status' });
  });

  it('about anything else is not', async () => {
    const answers = [answer(409, { 'Retry-After': '1' }, error('nameAlreadyExists'))];
    expect(await replay(microsoftGraph(), answers, post)).toMatchObject({ gaveUp: 'status' });
  });
});

it.each([400, 401, 403, 404, 423, 500, 501, 507])(
  'a %d of Graph is not retried',
  async (status) => {
    const answers = [answer(status, { 'Retry-After': '1' })];
    expect(await replay(microsoftGraph(), answers)).toMatchObject({ gaveUp: 'status', waits: [] });
  },
);

describe('the gate of Graph', () => {
  it('is closed to all while Graph throttles', async () => {
    const { clock, server, get } = setUpGate(microsoftGraph(), ({ index }) =>
      index === 0 ? { status: 429, retryAfter: '10' } : 200,
    );
    get('/first');
    await clock.advance(SECOND);
    get('/next');
    await clock.advance(8 * SECOND);
    expect(server.urls).toEqual(['/first']);
    await clock.runAll();
    expect(server.sent).toHaveLength(3);
  });

  it('waits for the reset when no resource units are left, without one refusal', async () => {
    const left = (units: number) => ({
      after: 10,
      headers: {
        'ratelimit-limit': '1200',
        'ratelimit-remaining': String(units),
        'ratelimit-reset': '31',
      },
    });
    const { clock, server, get } = setUpGate(microsoftGraph(), ({ index }) =>
      left(index === 0 ? 0 : 1200),
    );
    get('/first');
    await clock.advance(SECOND);
    get('/next');
    await clock.advance(29 * SECOND);
    expect(server.urls).toEqual(['/first']);
    await clock.runAll();
    expect([server.urls, refusals(server.sent)]).toEqual([['/first', '/next'], 0]);
  });
});

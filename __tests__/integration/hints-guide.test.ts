// docs/guides/hints.md: its snippets do what it says.
import type { AxiosInstance } from 'axios';
import type { HintReader, QuotaReader } from '../../src/hints/index.js';
import { retryReport } from '../../src/index.js';
import { answerWith, RECEIVED_AT } from '../support/answer.js';
import { settled } from '../support/http-client.js';
import { runRecipe, serveRecipe } from '../support/recipe.js';

const PAGE = 'docs/guides/hints.md';

interface Exports {
  readonly api: AxiosInstance;
  readonly whenUsedUp: HintReader;
  readonly github: QuotaReader;
  readonly tokens: QuotaReader;
}

describe('the first snippet', () => {
  it.each<[object, number]>([
    [{ 'Retry-After-Ms': '500', 'Retry-After': '1.5' }, 500],
    [{ 'Retry-After': '1.5' }, 1500],
    [{ 'Retry-After-Ms': '500', 'Retry-After': '2' }, 2000],
    [{ 'X-Should-Retry': 'true' }, 8000],
  ])('waits after a 429 with %j for %d ms', async (headers, delay) => {
    const replies = [{ status: 429, headers }, 200];
    const { exports, clock } = await serveRecipe<Exports>(PAGE, 'The option', {
      '/': replies,
    } as never);
    const start = clock.now();
    expect(await settled(exports.api.get('/'), clock)).toMatchObject({ status: 200 });
    expect(clock.now() - start).toBe(delay);
  });

  it('gives up when the service says so', async () => {
    const replies = [{ status: 503, headers: { 'X-Should-Retry': 'false' } }];
    const { exports, clock } = await serveRecipe<Exports>(PAGE, 'The option', {
      '/': replies,
    } as never);
    const error = await settled(exports.api.get('/'), clock);
    expect(retryReport(error)?.gaveUp).toBe('hint');
  });
});

describe('a reader of your own', () => {
  it.each<[string, object, string, string | undefined]>([
    ['a spent quota', {}, '{"error":{"code":"insufficient_quota"}}', 'hint'],
    ['a pushback', { 'grpc-retry-pushback-ms': '100' }, '', undefined],
    ['a negative pushback', { 'grpc-retry-pushback-ms': '-1' }, '', 'hint'],
    ['an unreadable pushback', { 'grpc-retry-pushback-ms': 'soon' }, '', 'hint'],
    ['nothing', {}, '', undefined],
  ])('hears %s', async (_what, headers, body, gaveUp) => {
    const replies = [{ status: 503, headers, body }, 200];
    const { exports, clock } = await serveRecipe<Exports>(PAGE, 'A reader of your own', {
      '/': replies,
    } as never);
    const ending = await settled(exports.api.get('/'), clock);
    expect(retryReport(ending)?.gaveUp).toBe(gaveUp);
  });
});

describe('the snippet of services', () => {
  it('waits for the reset only when nothing is left', async () => {
    const { exports } = await runRecipe<Exports>(PAGE, 'Services', {});
    const reset = String(RECEIVED_AT / 1000 + 60);
    const read = (left: string) =>
      exports.whenUsedUp(answerWith({ 'x-ratelimit-remaining': left, 'x-ratelimit-reset': reset }));
    expect(read('0')).toEqual({ delay: 60_000 });
    expect(read('1')).toBeUndefined();
  });
});

describe('the snippet of quotas', () => {
  it('prints what it says, and tells quotas apart', async () => {
    const { exports, printed } = await runRecipe<Exports>(PAGE, 'Quotas', {});
    expect(printed).toEqual([
      '[{"name":"default","remaining":50,"reset":30000,"limit":100,"window":60000}]',
    ]);
    const headers = {
      'x-ratelimit-remaining': '5',
      'x-ratelimit-resource': 'search',
      'x-ratelimit-remaining-tokens': '100',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(exports.github(answerWith(headers))).toMatchObject([{ name: 'x-ratelimit;search' }]);
    expect(exports.tokens(answerWith(headers))).toMatchObject([{ reset: 360_000, unit: 'tokens' }]);
  });
});

import { defineStatusTable, platformStatusTable, retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

const delaysOf = (outcome: unknown) =>
  retryReport(outcome)
    ?.attempts.map(({ delay }) => delay)
    .filter((delay) => delay !== undefined);

describe('a table of one’s own', () => {
  it('may name ranges and codes only', async () => {
    const table = defineStatusTable({ '5xx': 'backoff', 501: 'never' });
    const { fail } = setUp([500, 599, 501], { table });
    const error = await fail();
    expect(delaysOf(error)).toEqual([8000, 64_000]);
    expect(retryReport(error)?.gaveUp).toBe('status');
  });

  it('may retry responses that are no failure for Axios', async () => {
    const { get, clock } = setUp([202, 204, 200], {
      table: defineStatusTable({ '2xx': 'backoff', 200: 'never' }),
    });
    const response = get();
    await clock.runAll();
    expect(await response).toMatchObject({ status: 200 });
    expect(delaysOf(await response)).toEqual([8000, 64_000]);
  });

  it('may be a default of the instance that goes through Axios’s merge', async () => {
    const table = defineStatusTable({ '5xx': 'backoff' });
    const { api, fail } = setUp([500]);
    Object.assign(api.defaults, { retry: { table } });
    expect(delaysOf(await fail({ retry: { maxRetries: 1 } }))).toEqual([8000]);
  });
});

describe('a row', () => {
  const table = defineStatusTable(
    [
      { code: 503, retry: 'backoff', maxRetries: 3, backoff: (retryNumber) => retryNumber * 10 },
      { code: 409, retry: 'backoff', maxRetries: 1 },
      { code: 500, retry: 'backoff' },
    ],
    { extends: platformStatusTable },
  );
  const options = { table, maxRetries: 2, backoff: () => 7 };

  it('has limits of its own, which stand before the options', async () => {
    const error = await setUp([503], options).fail();
    expect(delaysOf(error)).toEqual([10, 20, 30]);
    expect(retryReport(error)?.gaveUp).toBe('max-retries');
    expect(delaysOf(await setUp([409], options).fail())).toEqual([7]);
    expect(delaysOf(await setUp([500], options).fail())).toEqual([7, 7]);
  });

  it('shows its own limit on a wait', async () => {
    const { get, clock, handle } = setUp([503, 500], options);
    const request = failureOf(get());
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ status: 503, maxRetries: 3 }]);
    await clock.advance(10);
    expect(handle.waits).toMatchObject([{ status: 500, maxRetries: 2 }]);
    handle.detach();
    await request;
  });

  it('counts the retries after other statuses too', async () => {
    expect(delaysOf(await setUp([500, 409], options).fail())).toEqual([7]);
    expect(delaysOf(await setUp([500, 500, 503], options).fail())).toEqual([7, 7, 30]);
  });

  it('limits a retry that decide wants', async () => {
    const decide = () => ({ retry: true, delay: 5, basis: 'backoff' }) as const;
    expect(delaysOf(await setUp([409], { ...options, decide }).fail())).toEqual([5]);
  });
});

describe('maxRetries: Infinity', () => {
  it('ends only with a success', async () => {
    const answers = [...Array(500).fill(503), 200];
    const { get, clock, sent } = setUp(answers, { maxRetries: Infinity, backoff: () => 1 });
    const response = get();
    await clock.runAll();
    expect(await response).toMatchObject({ status: 200 });
    expect(sent).toHaveLength(501);
  });
});

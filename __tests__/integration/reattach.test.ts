import { retryReport } from '../../src/index.js';
import { setUp, TWO_FAILURES } from '../support/http-client.js';

describe('attaching again', () => {
  it('replaces the first attachment', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    const first = jest.fn();
    attach({ maxRetries: 3, onRetry: first });
    attach({ maxRetries: 2, onRetry: first });
    attach({ maxRetries: 1 });

    const error = await outcome(api.get('/'));

    expect(server.requests).toHaveLength(2);
    expect(retryReport(error)?.attempts).toHaveLength(2);
    expect(first).not.toHaveBeenCalled();
  });

  it('ends the waits of the first attachment like cancel()', async () => {
    const { api, attach, clock, server } = await setUp([503]);
    const earlier = attach();
    const request = api.get('/').catch((error) => error);
    await clock.advance(1000);
    expect(earlier.waits).toHaveLength(1);

    attach();

    const error = await request;
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(earlier.waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('takes the position of the new registration among the interceptors', async () => {
    const { api, attach, outcome } = await setUp(TWO_FAILURES);
    attach();
    let seen = 0;
    api.interceptors.response.use(undefined, (error) => {
      seen += 1;
      throw error;
    });
    attach();

    expect((await outcome(api.get('/'))).status).toBe(200);
    expect(seen).toBe(2);
  });

  it('keeps the first attachment if the new options are invalid', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach({ maxRetries: 1 });

    expect(() => attach({ maxRetries: -1 })).toThrow(RangeError);

    await outcome(api.get('/'));
    expect(server.requests).toHaveLength(2);
  });

  it('does not affect other instances', async () => {
    const one = await setUp([503]);
    const two = await setUp([503]);
    one.attach({ maxRetries: 1 });
    two.attach({ maxRetries: 2 });

    await one.outcome(one.api.get('/'));
    await two.outcome(two.api.get('/'));

    expect(one.server.requests).toHaveLength(2);
    expect(two.server.requests).toHaveLength(3);
  });

  it('works again after detach()', async () => {
    const { api, attach, outcome, server } = await setUp([503]);
    attach().detach();
    expect((await outcome(api.get('/'))).status).toBe(503);
    expect(server.requests).toHaveLength(1);

    attach({ maxRetries: 1 });
    await outcome(api.get('/'));
    expect(server.requests).toHaveLength(3);
  });
});

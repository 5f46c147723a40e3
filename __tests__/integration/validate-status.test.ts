import { retryReport } from '../../src/index.js';
import { setUp, TWO_FAILURES } from '../support/http-client.js';

describe('validateStatus', () => {
  const accepting: [string, ((status: number) => boolean) | null][] = [
    ['() => true', () => true],
    ['null', null],
  ];

  it.each(accepting)(
    'that accepts every status does not prevent the retry of a 503: %s',
    async (_, validateStatus) => {
      const { api, attach, outcome, server } = await setUp(TWO_FAILURES, { validateStatus });
      attach();

      const response = await outcome(api.get('/'));

      expect(response.status).toBe(200);
      expect(server.requests).toHaveLength(3);
    },
  );

  it.each(accepting)(
    'that accepts every status resolves with the last response: %s',
    async (_, validateStatus) => {
      const { api, attach, outcome, server } = await setUp(
        [503, { status: 502, headers: { 'X-Last': 'yes' }, body: '{"last":true}' }],
        { validateStatus },
      );
      attach({ maxRetries: 1 });
      let resolved = 0;
      api.interceptors.response.use((response) => {
        resolved += 1;
        return response;
      });

      const response = await outcome(api.get('/'));

      expect(response).toMatchObject({ status: 502, data: { last: true } });
      expect(response.headers['x-last']).toBe('yes');
      expect(server.requests).toHaveLength(2);
      expect(resolved).toBe(1);
      expect(retryReport(response)?.gaveUp).toBe('max-retries');
    },
  );

  it('is applied to the last status, not to earlier ones', async () => {
    const { api, attach, outcome } = await setUp([503, 404], {
      validateStatus: (status) => status === 503,
    });
    attach();

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'AxiosError', status: 404 });
  });

  it('that rejects a 200 does not cause a retry', async () => {
    const { api, attach, outcome, server } = await setUp([200], { validateStatus: () => false });
    attach();

    expect(await outcome(api.get('/'))).toMatchObject({ name: 'AxiosError', status: 200 });
    expect(server.requests).toHaveLength(1);
  });
});

// Random requests, whose sends and hooks are compared with those of axios-retry.
import type { AxiosError } from 'axios';
import fc from 'fast-check';
import type { IAxiosRetryConfig } from '../../src/axios-retry/index.js';
import type { Answer } from '../support/axios-retry.js';
import { BOTH, scripted } from '../support/axios-retry.js';

const answer = fc.constantFrom<Answer>(
  ...[200, 201, 304, 400, 401, 404, 409, 429, 500, 502, 503, 504, 529],
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNABORTED', 'ENOTFOUND'],
  ...[{ data: 'busy' }, { status: 503, data: 'done' }, { status: 404, data: 'done' }],
);

/** Plain choices, of which each run makes its own functions. */
const choices = fc.record(
  {
    retries: fc.integer({ min: -1, max: 4 }),
    condition: fc.constantFrom('true', 'false', 'promise', 'rejects', 'throws', 'status 404'),
    edits: fc.constantFrom('url', 'header', 'data', 'params'),
    retryThrowsAt: fc.integer({ min: 1, max: 4 }),
    exceededThrows: fc.boolean(),
    validates: fc.boolean(),
    shouldResetTimeout: fc.boolean(),
  },
  { requiredKeys: [] },
);

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function toOptions(chosen: Choices, log: unknown[]): IAxiosRetryConfig {
  const { condition, edits, retryThrowsAt, exceededThrows, validates, ...rest } = chosen;
  const told = ({ code, response }: AxiosError) => [code, response?.status];
  return {
    ...rest,
    retryDelay: (count, error) => {
      log.push('delay', count, told(error));
      return 0;
    },
    onRetry: (count, error, config) => {
      log.push('retry', count, told(error), config === error.config);
      if (count === retryThrowsAt) throw new Error('onRetry');
      if (edits === 'url') config.url += `/${count}`;
      if (edits === 'header') config.headers = { ...config.headers, 'X-Count': String(count) };
      if (edits === 'data') config.data = `{"count":${count}}`;
      if (edits === 'params') config.params = { ...(config.params as object), count };
    },
    onMaxRetryTimesExceeded: (error, count) => {
      log.push('exceeded', count, told(error));
      if (exceededThrows) throw new Error('onMaxRetryTimesExceeded');
    },
    ...(validates && { validateResponse: ({ data }) => data === 'done' }),
    ...(condition && {
      retryCondition: (error) => {
        log.push('condition', told(error));
        if (condition === 'promise') return Promise.resolve(true);
        if (condition === 'rejects') return Promise.reject(new Error('rejected'));
        if (condition === 'throws') throw new Error('retryCondition');
        return (
          condition === 'true' || (condition === 'status 404' && error.response?.status === 404)
        );
      },
    }),
  };
}

it('a request is sent as often, with the same content, and its hooks are asked the same', async () => {
  const method = fc.constantFrom('get', 'put', 'post', 'delete');
  const body = fc.constantFrom(undefined, { item: 'tea' });
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 6 }),
      choices,
      choices,
      method,
      body,
      fc.boolean(),
      async (answers, ofInstance, ofRequest, verb, data, hasOwn) => {
        const runs: unknown[] = [];
        for (const [, attach] of BOTH) {
          const log: unknown[] = [];
          const { api, sent } = scripted(...answers);
          attach(api, toOptions(ofInstance, log));
          const config = {
            ...{ method: verb, url: '/', data, timeout: 60_000 },
            ...(hasOwn && { 'axios-retry': toOptions(ofRequest, log) }),
          };
          const outcome = await api.request(config).then(
            ({ status, config: { 'axios-retry': told } }) => [status, told?.retryCount],
            ({ code, message, response }: AxiosError) => [code, message, response?.status],
          );
          const content = sent.map((one) => [
            one.method,
            one.url,
            one.data as unknown,
            one.params as unknown,
          ]);
          const headers = sent.map((one) => one.headers.toJSON());
          runs.push({ outcome, log, content, headers });
        }
        expect(runs[1]).toEqual(runs[0]);
      },
    ),
    { numRuns: 1000 },
  );
});

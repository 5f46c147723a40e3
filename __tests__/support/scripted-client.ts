import type { AxiosAdapter, AxiosError, AxiosRequestConfig } from 'axios';
import axios, { AxiosError as HttpError } from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from './failure-of.js';

export const START = Date.UTC(2030, 0, 1);

export type Answer = number | { status: number; retryAfter: string } | Error;

/** An adapter that responds with each answer in turn; the last one repeats. */
export function answering(...answers: Answer[]) {
  const sent: { url: string | undefined; retryNumber: number; headers: object }[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
    const { url, headers } = config;
    sent.push({ url, retryNumber: retryCount(config), headers: headers.toJSON() });
    if (answer instanceof Error) throw answer;
    const { status, retryAfter } =
      typeof answer === 'number' ? { status: answer, retryAfter: undefined } : answer;
    const response = {
      status,
      statusText: '',
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      data: undefined,
      config,
    };
    if (config.validateStatus?.(status) !== false) return response;
    const message = `Request failed with status code ${status}`;
    throw new HttpError(message, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
  return { adapter, sent };
}

export function setUp(answers: Answer[], options: RetryOptions = {}) {
  const clock = createTestClock(START);
  const { adapter, sent } = answering(...answers);
  const api = axios.create({ adapter });
  const handle = attachRetry(api, { clock, ...options });
  const get = (config?: AxiosRequestConfig) => api.get('/', config);
  async function fail(config?: AxiosRequestConfig): Promise<AxiosError> {
    const failure = failureOf(get(config));
    await clock.runAll();
    return failure;
  }
  return { clock, api, handle, sent, get, fail, passed: () => clock.now() - START };
}

/** Stands for a caller's function that throws. */
export const throwError = () => {
  throw new Error('mine');
};

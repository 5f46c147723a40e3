// Runs one test with axios-retry itself and with the entry of the same name.
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import peer from 'axios-retry';
import type { IAxiosRetryConfig } from '../../src/axios-retry/index.js';
import own from '../../src/axios-retry/index.js';

/** How one attempt ends: a status, a whole response, or the code of a network error. */
export type Answer = number | string | Partial<Pick<AxiosResponse, 'status' | 'headers' | 'data'>>;

export type Attach = (instance: AxiosInstance, options?: IAxiosRetryConfig) => unknown;

export const BOTH: readonly (readonly [name: string, attach: Attach])[] = [
  ['axios-retry', peer],
  ['axios-status-retry/axios-retry', own],
];

/** An instance whose adapter gives the answers in turn, the last one again and again, and keeps what it was sent. */
export function scripted(...answers: Answer[]) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
    sent.push({ ...config, params: config.params && { ...config.params } });
    if (typeof answer === 'string') throw new AxiosError(`failed: ${answer}`, answer, config);
    const {
      status = 200,
      headers = {},
      data,
    } = typeof answer === 'number' ? { status: answer } : answer;
    const response = { status, statusText: '', headers, data, config } as AxiosResponse;
    if (config.validateStatus?.(status) !== false) return response;
    const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
    throw new AxiosError(`status ${status}`, code, config, undefined, response);
  };
  return { api: axios.create({ adapter }), sent };
}

// Axios adapters that answer from memory. They create no closure per request, which would be measured too.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError } from 'axios';

export type Adapter = (config: InternalAxiosRequestConfig) => Promise<AxiosResponse>;

/** Resolves or rejects by status, like Axios's own `settle`. */
async function settle(
  config: InternalAxiosRequestConfig,
  status: number,
  data: string,
): Promise<AxiosResponse> {
  const headers = { 'content-type': 'text/plain' };
  const response = { status, statusText: '', headers, data, config, request: undefined };
  if (config.validateStatus?.(status) !== false) return response;
  const message = `Request failed with status code ${status}`;
  throw new AxiosError(message, AxiosError.ERR_BAD_RESPONSE, config, undefined, response);
}

/** Answers 200. */
export const succeeding: Adapter = (config) => settle(config, 200, '');

/** Never answers, and keeps the request in `held`, as a socket would. */
export function silent(held: unknown[]): Adapter {
  return (config) => new Promise((resolve) => held.push(config, resolve));
}

/** Answers 503 with a body of 2 KB that no other response shares. */
export const failing: Adapter = (config) =>
  settle(config, 503, Buffer.alloc(2048, Math.random().toString(36)).toString('latin1'));

/**
 * For each of the paths `/0`, `/1`, …: answers 503 `failures` times, then 200, then starts over.
 *
 * @param paths - Number of paths.
 */
export function failingFirst(failures: number, paths: number): Adapter {
  const sends = new Uint8Array(paths);
  return (config) => {
    const path = Number(config.url?.slice(1));
    const send = sends[path] ?? 0;
    sends[path] = send < failures ? send + 1 : 0;
    return settle(config, send < failures ? 503 : 200, '');
  };
}

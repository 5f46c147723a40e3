// Adapters that answer from memory. No closure is made per request, as it would be counted with it.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError } from 'axios';

export type Adapter = (config: InternalAxiosRequestConfig) => Promise<AxiosResponse>;

/** Resolves or rejects by the status, as Axios's own `settle` does. */
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

/** Never answers, and holds on to the request as a socket would. */
export function silent(held: unknown[]): Adapter {
  return (config) => new Promise((resolve) => held.push(config, resolve));
}

/** Answers 503 with a body of its own, 2 KB that no other response shares. */
export const failing: Adapter = (config) =>
  settle(config, 503, Buffer.alloc(2048, Math.random().toString(36)).toString('latin1'));

/**
 * Answers 503 so many times, then 200, then begins anew; apart for each of the paths `/0`, `/1`, …
 *
 * @param paths - How many paths there are.
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

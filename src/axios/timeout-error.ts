// Axios's own error of a request that took too long.
import type { AxiosError as HttpError } from 'axios';
import { AxiosError } from 'axios';

/** @param aborted - The error of the attempt that was aborted for it. */
export function timeoutError(timeout: number, { config, request }: HttpError): HttpError {
  const code = config?.transitional?.clarifyTimeoutError ? 'ETIMEDOUT' : 'ECONNABORTED';
  const message = config?.timeoutErrorMessage || `timeout of ${timeout}ms exceeded`;
  return new AxiosError(message, code, config, request);
}

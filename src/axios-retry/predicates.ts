// The conditions of axios-retry: which errors are retried.
import type { AxiosError } from 'axios';
import { errorCode, isTransient } from '../policy/network-error.js';

/** The error of a time-out, which axios-retry does not retry. */
const TIMEOUT_CODE = 'ECONNABORTED';

/** Codes of network errors that may pass, and that axios-retry still does not retry for every method. */
const UNREACHABLE_CODE = /^(ENOTFOUND|ENETUNREACH)$/;

const SAFE_METHODS = ['get', 'head', 'options'];
const IDEMPOTENT_METHODS = [...SAFE_METHODS, 'put', 'delete'];

/** Whether no response arrived, for a reason that may pass; not after a time-out. */
export function isNetworkError(error: unknown): boolean {
  const { response, code } = error as AxiosError;
  if (response || !code || code === TIMEOUT_CODE) return false;
  return isTransientError(error as AxiosError) && !UNREACHABLE_CODE.test(code);
}

/** Whether there was no response for a reason that may pass, or a 429 or 5xx; not after a time-out. */
export function isRetryableError(error: AxiosError): boolean {
  const { response, code } = error;
  if (code === TIMEOUT_CODE) return false;
  if (!response) return isTransientError(error);
  return response.status === 429 || (response.status >= 500 && response.status <= 599);
}

/** {@link isRetryableError}, for GET, HEAD and OPTIONS. */
export function isSafeRequestError(error: AxiosError): boolean {
  return hasMethod(error, SAFE_METHODS) && isRetryableError(error);
}

/** {@link isRetryableError}, for GET, HEAD, OPTIONS, PUT and DELETE. */
export function isIdempotentRequestError(error: AxiosError): boolean {
  return hasMethod(error, IDEMPOTENT_METHODS) && isRetryableError(error);
}

/** {@link isNetworkError} or {@link isIdempotentRequestError}. */
export function isNetworkOrIdempotentRequestError(error: AxiosError): boolean {
  return isNetworkError(error) || isIdempotentRequestError(error);
}

/** Not a certificate, a body over its limit, too many redirects: a retry would meet them again. */
function isTransientError(error: AxiosError): boolean {
  return isTransient(errorCode(error));
}

function hasMethod({ config }: AxiosError, methods: readonly string[]): boolean {
  return methods.includes(config?.method ?? '');
}

// axios-retry retries after any error that has a config; the engine retries only Axios's own.
import type { AxiosError, InternalAxiosRequestConfig } from 'axios';
import { isAxiosFailure } from '../request/outcome.js';

/** An error of the app's own, or a value that it threw, in a form that the engine knows. */
class WrappedError extends Error {
  readonly isAxiosError = true;
  readonly code: string | undefined;

  constructor(
    readonly original: Partial<AxiosError>,
    readonly config: InternalAxiosRequestConfig,
  ) {
    super(original.message);
    this.code = original.code;
  }
}

/** The error for the engine. Its config has the state of the request. */
export function wrap(error: object, config: InternalAxiosRequestConfig): AxiosError {
  return isAxiosFailure(error) ? error : (new WrappedError(error, config) as unknown as AxiosError);
}

/** The error for the hooks and the caller. */
export function unwrap<T>(error: T): T {
  return error instanceof WrappedError ? (error.original as T) : error;
}

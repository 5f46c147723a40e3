// Axios's own errors of canceled requests.
import type { InternalAxiosRequestConfig } from 'axios';
import { CanceledError, isCancel } from 'axios';
import type { Abortable } from '../wait/abort.js';

/** Whether an error is the one with which Axios rejects an aborted request. */
export function isCanceled(error: unknown): boolean {
  try {
    return isCancel(error);
  } catch {
    return false;
  }
}

/** The error of an aborted request, as Axios makes it. */
export function canceledError(
  { cancelToken, attempt }: Abortable,
  config: InternalAxiosRequestConfig,
): unknown {
  const reason = cancelToken?.reason ?? attempt?.cancelToken?.reason;
  return reason ?? new CanceledError(undefined, config);
}

// How an attempt ended, and what the decision needs to know of it.
import type { AxiosError, AxiosResponse } from 'axios';
import type { RetryFailure, RetryPolicy } from '../policy/decision.js';
import { errorCode } from '../policy/network-error.js';
import { retryBehaviorOf } from '../policy/platform-status-table.js';
import { headerOf } from '../util/headers.js';

/** How Axios settled an attempt: with a response, or with an error, which may have a response. */
export type Outcome =
  | { readonly ok: true; readonly value: AxiosResponse }
  | { readonly ok: false; readonly value: AxiosError };

export function responseOf({ ok, value }: Outcome): AxiosResponse | undefined {
  return ok ? value : (value as AxiosError | undefined)?.response;
}

/** The status of a response. If an adapter gives something other than a number: NaN, which no rule matches. */
export function statusOf(response: { readonly status?: unknown } | undefined): number | undefined {
  const status = response?.status;
  return status === undefined || typeof status === 'number' ? status : NaN;
}

/** The code of an attempt's error as text, if it has any: an adapter may give anything. */
function codeOf({ ok, value }: Outcome): string | undefined {
  try {
    const code: unknown = ok ? undefined : errorCode(value);
    return code == null ? undefined : `${code}`;
  } catch {
    return undefined;
  }
}

/** Whether an error ended an attempt: an AxiosError, or any error with a response. */
export function isAxiosFailure(error: unknown): error is AxiosError {
  const { isAxiosError, response } = (error ?? {}) as Partial<AxiosError>;
  return isAxiosError === true || typeof response === 'object';
}

/** Whether a status is a failure, also if `validateStatus` lets it resolve. */
export function isFailedStatus(status: unknown, { table }: RetryPolicy): boolean {
  if (typeof status !== 'number') return false;
  return status >= 400 || retryBehaviorOf(status, table) !== 'never';
}

/** The headers of a response. Node keeps only the first of a repeated Retry-After beside `rawHeaders`. */
function headersOf(response: AxiosResponse | undefined): object | undefined {
  const headers = response && (response.headers ?? {});
  const raw = (response?.request as { res?: { rawHeaders?: unknown } } | undefined)?.res
    ?.rawHeaders;
  const values = raw && headerOf(raw, 'retry-after');
  return Array.isArray(values) ? { ...headers, 'retry-after': values } : headers;
}

/** A failed attempt as the decision needs to know it. */
export function toFailure(
  outcome: Outcome,
  facts: Omit<RetryFailure, 'status' | 'headers' | 'data' | 'code' | 'method'>,
): RetryFailure {
  const response = responseOf(outcome);
  return {
    ...facts,
    status: statusOf(response),
    headers: headersOf(response),
    data: response?.data,
    code: codeOf(outcome),
    method: outcome.value.config?.method,
  };
}

/** Sets the HTTP error as an error's cause, unless it has one or cannot take one. */
export function addCause(error: unknown, { ok, value }: Outcome): void {
  try {
    if (error instanceof Error && !ok && !('cause' in error)) {
      Reflect.defineProperty(error, 'cause', { value, configurable: true, writable: true });
    }
  } catch {
    // An error whose accessors throw is passed on as it is.
  }
}

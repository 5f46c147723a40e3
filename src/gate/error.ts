// The error of a request that its gate did not let through.
import type { InternalAxiosRequestConfig } from 'axios';

const brand = Symbol.for('axios-status-retry.gate-error');

/**
 * A gate refused the request, so it was not sent: the key is closed for longer than the request may wait
 * (`ERR_GATE_CLOSED`), or too many requests wait there already (`ERR_GATE_FULL`). After a failed
 * attempt, `cause` is its HTTP error.
 */
export class RetryGateError extends Error {
  override readonly name = 'RetryGateError';
  /** As `gaveUp` of the report. */
  readonly reason = 'gate';
  /** The request's config, for interceptors. Not enumerable, so it is not logged: it may hold credentials. */
  declare readonly config: InternalAxiosRequestConfig;

  constructor(
    /** Which of the two it is. */
    readonly code: 'ERR_GATE_CLOSED' | 'ERR_GATE_FULL',
    message: string,
    config: unknown,
    /** Epoch milliseconds: the earliest time at which the gate opens; absent if it is full. */
    readonly notBefore?: number,
  ) {
    super(`axios-status-retry: ${message}`);
    Object.defineProperty(this, 'config', { value: config, configurable: true });
  }

  get [brand](): true {
    return true;
  }
}

/** @param limit - The option that forbids such a wait, with its value. */
export function closedError(
  closedFor: number,
  limit: string,
  config: unknown,
  notBefore: number,
): RetryGateError {
  const message = `the gate is closed for another ${Math.ceil(closedFor)} ms, longer than ${limit}; see axios-status-retry/errors.md#err-gate-closed`;
  return new RetryGateError('ERR_GATE_CLOSED', message, config, notBefore);
}

export function fullError(maxQueued: number, config: unknown): RetryGateError {
  const message = `the queue is full: maxQueued (${maxQueued}) requests are already waiting; see axios-status-retry/errors.md#err-gate-full`;
  return new RetryGateError('ERR_GATE_FULL', message, config);
}

/** Whether an error is a {@link RetryGateError}, also of another copy of this package. */
export function isRetryGateError(error: unknown): error is RetryGateError {
  return (error as { readonly [brand]?: unknown } | null | undefined)?.[brand] === true;
}

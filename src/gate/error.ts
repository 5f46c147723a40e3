import type { InternalAxiosRequestConfig } from 'axios';

const brand = Symbol.for('axios-status-retry.gate-error');

/**
 * A request was not sent, as its gate is closed for longer than it may wait (`ERR_GATE_CLOSED`), or as
 * too many wait there already (`ERR_GATE_FULL`). After a failed attempt its `cause` is the HTTP error.
 */
export class RetryGateError extends Error {
  override readonly name = 'RetryGateError';
  readonly reason = 'gate';
  /** The request's config, for interceptors; not shown when the error is logged. */
  declare readonly config: InternalAxiosRequestConfig;

  constructor(
    readonly code: 'ERR_GATE_CLOSED' | 'ERR_GATE_FULL',
    message: string,
    config: unknown,
    /** Epoch milliseconds: when the gate opens, at the earliest. */
    readonly notBefore?: number,
  ) {
    super(`axios-status-retry: ${message}`);
    // A config may hold credentials.
    Object.defineProperty(this, 'config', { value: config, configurable: true });
  }

  get [brand](): true {
    return true;
  }
}

/** Whether an error is a {@link RetryGateError}, of this copy of the package or of another. */
export function isRetryGateError(error: unknown): error is RetryGateError {
  return (error as { readonly [brand]?: unknown } | null | undefined)?.[brand] === true;
}

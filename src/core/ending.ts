// Why a call ended badly.
import type { AxiosError } from 'axios';
import { isCanceled } from '../axios/canceled-error.js';
import type { GiveUpReason } from '../policy/decision.js';
import type { Outcome } from '../request/outcome.js';

/** Why a call ended badly, and when the request could be sent again, if that is known. */
export interface Ending {
  readonly reason?: GiveUpReason | undefined;
  /** Epoch milliseconds. */
  readonly retryAt?: number | undefined;
}

/** What a report says of an error that no decision led to: an abort, or an extension's error. */
export function endingOf(error: unknown): Ending {
  try {
    const { reason, notBefore } = (error ?? {}) as { reason?: unknown; notBefore?: number };
    if (reason === 'gate' || reason === 'deferred' || reason === 'body') {
      return { reason, retryAt: notBefore };
    }
  } catch {
    // An error whose getter throws.
  }
  return isCanceled(error) ? { reason: 'canceled' } : {};
}

export function toOutcome(error: unknown): Outcome {
  return { ok: false, value: error as AxiosError };
}

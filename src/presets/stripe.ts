// The preset for Stripe's API.
import { fieldText } from '../hints/field.js';
import { verdict } from '../hints/readers.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

/**
 * Stripe's API in live mode. Set `idempotencyKey: true` with it.
 *
 * From https://docs.stripe.com/rate-limits, https://docs.stripe.com/error-low-level and
 * src/RequestSender.ts of github.com/stripe/stripe-node, read on 2026-11-30:
 *
 * - 409 and every status from 500 are retried after 0.5 s that double up to 5 s. `Stripe-Should-Retry`
 *   stands before the status. It is `false` on most of the 500s, because the same key would get the same
 *   answer, and `true` on a lock time-out.
 * - A 429 is to be retried on an exponential backoff, says the page; the client itself does so only if the
 *   header says `true`. No `Retry-After` is documented.
 * - `Stripe-Rate-Limited-Reason` tells which limit was met. Limits are counted by the second, so
 *   `global-rate` closes the gate for a second; the other reasons concern one endpoint or object, or what
 *   is in flight.
 * - 100 requests a second in live mode, 25 in a sandbox; 25 to one endpoint.
 *
 * A POST without `Idempotency-Key` is not repeated here, except after a 429, which was refused before it
 * was executed: it could charge twice. Stripe's client gives every POST a key.
 *
 * The pages do not say how many requests there may be at once, so there is no limit here. No header tells
 * what is left.
 */
export function stripe(): RetryPreset {
  return {
    table: retryTable(
      { base: 500, factor: 2, max: 5000 },
      ['4xx', 'never'],
      [409, 'backoff'],
      [429, 'backoff'],
      ['5xx', 'backoff'],
    ),
    hints: [
      verdict('stripe-should-retry'),
      (answer) =>
        fieldText(answer, 'stripe-rate-limited-reason') === 'global-rate'
          ? { delay: 1000 }
          : undefined,
    ],
    decide(decision, { config, response }) {
      const { headers, method = '' } = config;
      const isRepeatable =
        response?.status === 429 ||
        method.toUpperCase() !== 'POST' ||
        fieldText({ headers, status: 0, receivedAt: 0 }, 'idempotency-key');
      return decision.retry && !isRepeatable ? { retry: false } : decision;
    },
    gate: { maxRate: { requests: 100, per: 1000 } },
  };
}

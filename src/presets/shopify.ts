// The preset for Shopify's REST Admin API.
import { fieldText } from '../hints/field.js';
import type { Quota } from '../hints/quota.js';
import { seconds } from '../hints/readers.js';
import type { ServerAnswer } from '../policy/hint.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

/** A full bucket is empty after so many seconds, on each plan: 40 at 2/s, 400 at 20/s. */
const DRAIN_SECONDS = 20;

/**
 * Shopify's REST Admin API.
 *
 * From https://shopify.dev/docs/api/admin-rest/usage/rate-limits, read on 2026-11-30:
 *
 * - A leaky bucket for each app and store: 40 requests that leak at 2 a second on the standard plan, at
 *   4 on Advanced and 20 on Plus. `X-Shopify-Shop-Api-Call-Limit: 32/40` tells how full it is.
 * - Over the limit the answer is a 429 with `Retry-After: 2.0`, decimal seconds.
 *
 * Shopify's own client retries 429 and 503, after a second unless `Retry-After` says more
 * (github.com/Shopify/shopify-app-js). 423, a shop that is locked, and 430, a request that looks like an
 * attack, do not pass by waiting (https://shopify.dev/docs/api/usage/response-codes).
 *
 * The page does not give the size of the buckets other than 40. The reader takes a bucket to leak a
 * twentieth of its size a second, which fits 40 at 2/s.
 *
 * GraphQL says `THROTTLED` in an answer with status 200, which Axios resolves, so nothing is retried.
 */
export function shopify(): RetryPreset {
  return {
    table: retryTable({ base: 1000, factor: 2 }, 429, 503),
    hints: [seconds('retry-after', { decimals: true })],
    gate: { quotas: readBucket },
  };
}

/**
 * The bucket as a quota: what is free now, and from then on what leaks in each second. Not the whole
 * bucket at its end, as that would hold a request for up to 20 s.
 */
function readBucket(answer: ServerAnswer): readonly Quota[] {
  const text = fieldText(answer, 'x-shopify-shop-api-call-limit') ?? '';
  const [, used, size] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (used === undefined || size === undefined) return [];
  const remaining = Math.max(Number(size) - Number(used), 0);
  return [{ name: 'shop', remaining, reset: 1000, limit: Number(size) / DRAIN_SECONDS }];
}

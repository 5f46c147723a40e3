// The preset for OpenAI's API.
import { milliseconds, verdict } from '../hints/readers.js';
import { remainingReset } from '../hints/remaining-reset.js';
import type { Hint, ServerAnswer } from '../policy/hint.js';
import { textIn } from './body.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

/** Types and codes of errors about money. */
const SPENT = /insufficient_quota|credit_balance|billing|(spend|usage)_limit/;

/**
 * OpenAI's API.
 *
 * From https://developers.openai.com/api/docs/guides/error-codes,
 * https://developers.openai.com/api/docs/guides/spend-limits,
 * https://help.openai.com/en/articles/5955604-troubleshooting-api-rate-limits-and-429-errors and
 * src/client.ts of github.com/openai/openai-node, read on 2026-11-30:
 *
 * - 408, 409, 429 and every status from 500 are retried, POST too, after `retry-after-ms` or
 *   `Retry-After`, or else after 0.5 s that double up to 8 s. `x-should-retry` stands before the status.
 * - Waiting does not help against a 429 whose `error.type` is `insufficient_quota`, or whose `error.code`
 *   is `credit_balance_exhausted`, `organization_spend_limit_exceeded`, `project_spend_limit_exceeded` or
 *   `organization_usage_limit_exceeded`.
 *
 * From users' reports, not from those pages:
 *
 * - Waiting does not help against `billing_not_active` or "Request too large" either, both a 429. The latter
 *   is a request that is larger than the tokens of a whole minute.
 * - Answers have `x-ratelimit-limit-`, `-remaining-` and `-reset-` with `requests` and `tokens`
 *   (https://community.openai.com/t/1268905). A reset is a duration such as `6m0s` until the whole limit is
 *   free again, so it is no hint for one request. Models have limits of their own, and so keys.
 *
 * The gate heeds tokens only when none are left. If the body is a stream, its code is not seen, and a spent
 * credit is retried like any other 429.
 */
export function openai(): RetryPreset {
  return {
    table: retryTable({ base: 500, factor: 2, max: 8000 }, ['4xx', 'never'], 408, 409, 429, '5xx'),
    hints: [verdict('x-should-retry'), milliseconds('retry-after-ms'), neverPasses],
    gate: {
      key: ({ data }) => textIn(data, 'model'),
      quotas: [
        remainingReset('x-ratelimit', { reset: 'go-duration', suffix: 'requests' }),
        remainingReset('x-ratelimit', { reset: 'go-duration', suffix: 'tokens', unit: 'tokens' }),
      ],
    },
  };
}

function neverPasses({ data }: ServerAnswer): Hint | undefined {
  const [type, code, message] = ['type', 'code', 'message'].map((name) =>
    textIn(data, 'error', name),
  );
  const isFinal = SPENT.test(`${type} ${code}`) || message?.startsWith('Request too large');
  return isFinal ? { retry: false } : undefined;
}

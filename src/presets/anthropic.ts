// The preset for Anthropic's API.
import { milliseconds, verdict } from '../hints/readers.js';
import { remainingReset } from '../hints/remaining-reset.js';
import { textIn } from './body.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

/**
 * Anthropic's API.
 *
 * From https://platform.claude.com/docs/en/api/rate-limits, https://platform.claude.com/docs/en/api/errors
 * and src/client.ts of github.com/anthropics/anthropic-sdk-typescript, read on 2026-11-30:
 *
 * - 408, 409, 429 and every status from 500 (529: overloaded) are retried, POST too, after
 *   `retry-after-ms` or `Retry-After`, or else after 0.5 s that double up to 8 s. `x-should-retry` stands
 *   before the status.
 * - A rate limit is a 429 with `Retry-After`. The tier's monthly spend limit is a 429 without one, whose
 *   `error.details.error_code` is `enforced_spend_limit_reached`; it lasts until the month ends. So a 429 without
 *   `Retry-After` is not retried here, unless `x-should-retry` is `true`.
 * - A spend limit that the user has set is a 400, and is not retried either.
 * - `anthropic-ratelimit-requests-`, `-tokens-`, `-input-tokens-` and `-output-tokens-` with `limit`,
 *   `remaining` and `reset` (RFC 3339). Limits are those of a model, so each model has a key of its own.
 *
 * Some models share a limit, but the answers do not say which, so each key learns of it by itself. The
 * gate heeds tokens only when none are left.
 */
export function anthropic(): RetryPreset {
  const prefix = 'anthropic-ratelimit';
  return {
    table: retryTable(
      { base: 500, factor: 2, max: 8000 },
      ['4xx', 'never'],
      408,
      409,
      [429, 'retry-after'],
      '5xx',
    ),
    hints: [
      verdict('x-should-retry'),
      milliseconds('retry-after-ms'),
      ({ data }) =>
        textIn(data, 'error', 'details', 'error_code') === 'enforced_spend_limit_reached'
          ? { retry: false }
          : undefined,
    ],
    gate: {
      key: ({ data }) => textIn(data, 'model'),
      quotas: [
        remainingReset(`${prefix}-requests`, { reset: 'iso-date' }),
        ...['tokens', 'input-tokens', 'output-tokens'].map((unit) =>
          remainingReset(`${prefix}-${unit}`, { reset: 'iso-date', unit }),
        ),
      ],
    },
  };
}

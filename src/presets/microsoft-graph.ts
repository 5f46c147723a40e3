// The preset for Microsoft Graph.
import { remainingReset } from '../hints/remaining-reset.js';
import { textIn } from './body.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

/**
 * Microsoft Graph.
 *
 * From https://learn.microsoft.com/en-us/graph/throttling, https://learn.microsoft.com/en-us/graph/errors and
 * src/middleware/RetryHandler.ts of github.com/microsoftgraph/msgraph-sdk-javascript, read on 2026-11-30:
 *
 * - 429, 503 and 504 are retried, POST too, after `Retry-After`, or else after an exponential backoff, which
 *   the client begins at 3 s. The table of errors also lets a 509 (bandwidth) be repeated later.
 * - Some services send no `Retry-After`. Requests that are refused count against the limits.
 * - A 409 may be repeated if its code is `Directory_ConcurrencyViolation`; any other may not.
 * - SharePoint and OneDrive tell a quota in resource units, `RateLimit-Limit`, `-Remaining` and `-Reset` in
 *   seconds, on some answers and as a preview
 *   (https://learn.microsoft.com/en-us/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online).
 *   The gate heeds them only when none are left.
 *
 * The limits of each service are on https://learn.microsoft.com/en-us/graph/throttling-limits and differ by tenant,
 * app and mailbox, so none is set here. The pages do not name `retry-after-ms` or `x-ms-retry-after-ms`, which other
 * services of Azure send.
 */
export function microsoftGraph(): RetryPreset {
  return {
    table: retryTable({ base: 3000, factor: 2, max: 180_000 }, [409, 'never'], 429, 503, 504, 509),
    hints: [
      ({ status, data }) =>
        status === 409 && textIn(data, 'error', 'code') === 'Directory_ConcurrencyViolation'
          ? { retry: true }
          : undefined,
    ],
    gate: {
      closes: [429, 503, 509],
      quotas: remainingReset('ratelimit', { reset: 'seconds', unit: 'resource-units' }),
    },
  };
}

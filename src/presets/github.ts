// The preset for GitHub's REST API.
import { anyOf } from '../hints/any-of.js';
import { fieldText } from '../hints/field.js';
import { epochSeconds, seconds } from '../hints/readers.js';
import { remainingReset } from '../hints/remaining-reset.js';
import type { ServerAnswer } from '../policy/hint.js';
import { textIn } from './body.js';
import type { RetryPreset } from './preset.js';
import { retryTable } from './retry-table.js';

const MINUTE_MS = 60_000;

/** The statuses that a limit refuses with. */
const REFUSALS: readonly number[] = [403, 429];

/** Of 900 points a minute: at most 60 writes in a minute. */
const WRITE_COST = 15;

/** The resources with limits of their own that a path shows. */
const RESOURCE = /^(?:\w+:\/\/[^/]+)?\/?(search\/code|search|graphql)\b/;

/**
 * GitHub's REST API, and the limits of its GraphQL API as far as statuses and headers show them.
 *
 * From https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api, read on
 * 2026-11-30:
 *
 * - Both limits refuse with 403 or 429. The primary one says `x-ratelimit-remaining: 0` and
 *   `x-ratelimit-reset` in epoch seconds. The secondary one says `Retry-After`, or only a message: then
 *   the wait is at least a minute, and it grows exponentially if the request is refused again.
 * - `x-ratelimit-resource` names the quota that a request counts against.
 * - At most 100 requests at once. At most 900 points a minute, of which a read takes 1 and a write 5. At
 *   most 80 requests a minute that create content, and a second between writes.
 *
 * @octokit/plugin-retry also retries 500, 502, 503 and 504, whatever the method; it waits 1, 4 and 9 s.
 *
 * The pages do not give the message: @octokit/plugin-throttling looks for "secondary rate". They do not say
 * either which resource a path counts against. Search, code search and GraphQL are told by their paths
 * and have keys of their own, so that a used-up search does not hold the rest. Each of the four keys may
 * have 25 requests at once.
 *
 * A gate cannot keep writes a second apart without slowing down reads as well. Here a write takes 15
 * points, so at most 60 go in a minute, but they may go in a burst.
 */
export function github(): RetryPreset {
  const prefix = 'x-ratelimit';
  const timed = anyOf(
    epochSeconds(`${prefix}-reset`, {
      when: (answer) => fieldText(answer, `${prefix}-remaining`) === '0',
    }),
    seconds('retry-after'),
  );
  /** Whether a limit has refused and says no time. A 403 may also be about permissions. */
  const isUntimed = (answer: ServerAnswer): boolean =>
    !timed(answer) &&
    (answer.status === 429 || /secondary rate/i.test(textIn(answer.data, 'message')));
  return {
    table: retryTable({ base: 1000, factor: 2 }, 429, 500, 502, 503, 504),
    hints: [
      (answer) => {
        if (!REFUSALS.includes(answer.status)) return undefined;
        const hint = isUntimed(answer) ? { delay: MINUTE_MS } : timed(answer);
        return hint && { ...hint, retry: true };
      },
    ],
    decide: (decision, { response, retryNumber }) =>
      decision.retry && response && isUntimed({ ...response, receivedAt: 0 })
        ? { retry: true, delay: decision.delay * 2 ** (retryNumber - 1) }
        : decision,
    gate: {
      key: ({ url = '' }) => RESOURCE.exec(url)?.[1] ?? 'core',
      closes: [...REFUSALS, 503],
      maxConcurrency: 25,
      maxRate: { requests: 900, per: MINUTE_MS },
      cost: ({ method = 'get' }) => (/^(get|head)$/i.test(method) ? 1 : WRITE_COST),
      quotas: remainingReset(prefix, { reset: 'epoch-seconds', bucket: `${prefix}-resource` }),
    },
  };
}

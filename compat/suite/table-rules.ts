import assert from 'node:assert/strict';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { Bed } from './bed.js';
import { statusOf } from './bed.js';
import type { Rule } from './rule.js';

// Section 1 of the contract: which status is retried, and after how long.

const SECOND = 1000;
const SCHEDULE = [8, 64, 512, 4096, 32_768].map((seconds) => seconds * SECOND);

function after(status: number, retryAfter: string | readonly string[], date?: string): Reply {
  return { status, headers: { 'Retry-After': retryAfter, ...(date && { Date: date }) } };
}

/** What a GET comes to: the waits after each attempt, and how often it was sent. */
async function course(bed: Bed, ...answers: Reply[]) {
  const { api, server } = await bed.client(answers);
  const outcome = await bed.settled(api.get('/x'));
  return {
    status: statusOf(outcome),
    sends: (await server.received()).length,
    delays: bed.delays(outcome),
    gaveUp: bed.report(outcome)?.gaveUp,
  };
}

const retried = (status: string, answer: Reply, delay: number): Rule => ({
  name: `${status} is sent again after ${delay / SECOND} s`,
  async check(bed) {
    const { sends, delays } = await course(bed, answer, 200);
    assert.deepEqual({ sends, delays }, { sends: 2, delays: [delay] });
  },
});

const given = (status: number, what: string, answer: Reply): Rule => ({
  name: `${status} ${what} is not sent again, and says why`,
  async check(bed) {
    const { sends, gaveUp } = await course(bed, answer, 200);
    assert.deepEqual({ sends, gaveUp }, { sends: 1, gaveUp: 'no-retry-after' });
  },
});

const DATE = 'Wed, 21 Oct 2015 07:28:00 GMT';

export const tableRules: readonly Rule[] = [
  {
    name: '200, 202 and 204 succeed at once; 400, 401, 403, 405, 409 and 500 fail at once',
    async check(bed) {
      for (const status of [200, 202, 204, 400, 401, 403, 405, 409, 500]) {
        assert.deepEqual(await course(bed, status), {
          status,
          sends: 1,
          delays: [],
          gaveUp: status < 300 ? undefined : 'status',
        });
      }
    },
  },
  {
    name: 'a status without a row is never retried, Retry-After or not',
    async check(bed) {
      for (const status of [404, 410, 418, 501, 507]) {
        assert.equal((await course(bed, after(status, '1'), 200)).sends, 1);
      }
    },
  },
  {
    name: '408 and 425 are never retried either',
    unless: ({ adapter, runtime }) =>
      adapter !== 'mock' && runtime === 'chromium'
        ? 'Chromium itself sends again what got a 408 on a connection used before, or a 425'
        : undefined,
    async check(bed) {
      for (const status of [408, 425]) {
        assert.equal((await course(bed, after(status, '1'), 200)).sends, 1);
      }
    },
  },
  {
    name: '503 is sent again after 8, 64, 512, 4096 and 32768 s, and then given up',
    async check(bed) {
      const { sends, delays, gaveUp } = await course(bed, 503);
      assert.deepEqual(delays, SCHEDULE);
      assert.deepEqual({ sends, gaveUp }, { sends: 6, gaveUp: 'max-retries' });
    },
  },
  ...[502, 504, 529].map((status) => retried(`${status} without Retry-After`, status, 8 * SECOND)),
  retried('429 with Retry-After: 2', after(429, '2'), 2 * SECOND),
  retried('429 with white space around Retry-After', after(429, '  007 '), 7 * SECOND),
  given(429, 'without Retry-After', 429),
  ...['-5', '+5', '1.5', '1e3', '0x10', 'soon', 'Infinity', '2015-10-21T07:28:00Z'].map((value) =>
    given(429, `with Retry-After: ${value}`, after(429, value)),
  ),
  retried('503 with a longer Retry-After', after(503, '100'), 100 * SECOND),
  retried('503 with a shorter Retry-After', after(503, '2'), 8 * SECOND),
  retried('529 with Retry-After: 3', after(529, '3'), 3 * SECOND),
  retried(
    '429 with a date by the server’s own Date, as an IMF-fixdate,',
    after(429, 'Wed, 21 Oct 2015 07:29:30 GMT', DATE),
    90 * SECOND,
  ),
  retried(
    '429 with a date in the form of RFC 850',
    after(429, 'Wednesday, 21-Oct-15 07:29:30 GMT', DATE),
    90 * SECOND,
  ),
  retried(
    '429 with a date in the form of asctime',
    after(429, 'Wed Oct 21 07:29:30 2015', DATE),
    90 * SECOND,
  ),
  retried('429 with a date that is past', after(429, 'Wed, 21 Oct 2015 07:27:00 GMT', DATE), 0),
  retried('429 with two Retry-After, by the larger,', after(429, ['5', '9']), 9 * SECOND),
  {
    name: 'a wait above 2^31 ms, which overflows a timer, does not end at once',
    async check(bed) {
      const server = await bed.serve(after(503, '2200000'), 200);
      const api = bed.bare(server);
      const handle = bed.environment.plugin.attachRetry(api, { maxDelay: Infinity });
      const request = api.get('/x').catch((error: unknown) => error);
      await bed.untilWaiting({ api, handle, server });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual([handle.waits.length, handle.waits[0]?.delay], [1, 2_200_000 * SECOND]);
      handle.detach();
      await request;
      assert.equal((await server.received()).length, 1);
    },
  },
  {
    name: 'retries of all kinds count together, and each keeps its own delay',
    async check(bed) {
      const { delays } = await course(bed, 503, after(429, '1'), 529, after(504, '9999'), 200);
      assert.deepEqual(
        delays,
        [8, 1, 512, 9999].map((seconds) => seconds * SECOND),
      );
    },
  },
  {
    name: 'the method does not matter to the table',
    async check(bed) {
      for (const method of ['get', 'head', 'post', 'put', 'patch', 'delete'] as const) {
        const { api, server } = await bed.client([503, 200]);
        assert.equal(statusOf(await bed.settled(api[method]('/x'))), 200);
        const methods = (await server.received()).map((request) => request.method);
        assert.deepEqual(methods, [method.toUpperCase(), method.toUpperCase()]);
      }
    },
  },
];

// Section 1 of the contract: which status is retried, and after how long.
import assert from 'node:assert/strict';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { Rule } from './rule.js';
import type { TestBed } from './test-bed.js';
import { statusOf } from './test-bed.js';

const SECOND = 1000;
const SCHEDULE = [8, 64, 512, 4096, 32_768].map((seconds) => seconds * SECOND);

function after(status: number, retryAfter: string | readonly string[], date?: string): Reply {
  return { status, headers: { 'Retry-After': retryAfter, ...(date && { Date: date }) } };
}

/** Runs a GET: its waits, the number of its sends, and its outcome. */
async function course(bed: TestBed, ...answers: Reply[]) {
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
  name: `${status} is retried after ${delay / SECOND} s`,
  async check(bed) {
    const { sends, delays } = await course(bed, answer, 200);
    assert.deepEqual({ sends, delays }, { sends: 2, delays: [delay] });
  },
});

const given = (status: number, what: string, answer: Reply): Rule => ({
  name: `${status} ${what} is not retried, and the report says why`,
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
    name: 'a status without a row is not retried, with or without Retry-After',
    async check(bed) {
      for (const status of [404, 410, 418, 501, 507]) {
        assert.equal((await course(bed, after(status, '1'), 200)).sends, 1);
      }
    },
  },
  {
    name: '408 and 425 are not retried',
    unless: ({ adapter, runtime }) =>
      adapter !== 'mock' && runtime === 'chromium'
        ? 'Chromium itself resends a request after a 425, and on a reused connection after a 408'
        : undefined,
    async check(bed) {
      for (const status of [408, 425]) {
        assert.equal((await course(bed, after(status, '1'), 200)).sends, 1);
      }
    },
  },
  {
    name: '503 is retried after 8, 64, 512, 4096 and 32768 s, then given up',
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
    '429 with an IMF-fixdate, relative to the Date header,',
    after(429, 'Wed, 21 Oct 2015 07:29:30 GMT', DATE),
    90 * SECOND,
  ),
  retried(
    '429 with an RFC 850 date',
    after(429, 'Wednesday, 21-Oct-15 07:29:30 GMT', DATE),
    90 * SECOND,
  ),
  retried('429 with an asctime date', after(429, 'Wed Oct 21 07:29:30 2015', DATE), 90 * SECOND),
  retried('429 with a date in the past', after(429, 'Wed, 21 Oct 2015 07:27:00 GMT', DATE), 0),
  retried('429 with two Retry-After headers, by the larger,', after(429, ['5', '9']), 9 * SECOND),
  {
    name: 'a wait of more than 2^31 ms, which overflows a timer, does not end at once',
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
    name: 'retries after different statuses share one count, and each has its own delay',
    async check(bed) {
      const { delays } = await course(bed, 503, after(429, '1'), 529, after(504, '9999'), 200);
      assert.deepEqual(
        delays,
        [8, 1, 512, 9999].map((seconds) => seconds * SECOND),
      );
    },
  },
  {
    name: 'the table applies to every method',
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

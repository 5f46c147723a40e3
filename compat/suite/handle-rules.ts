// Section 2 of the contract: the handle, its waits, and reports.
import assert from 'node:assert/strict';
import type { AxiosError } from 'axios';
import type { RetryHandle } from '../../src/index.js';
import type { Rule } from './rule.js';
import { statusOf } from './test-bed.js';

const SECRET = 's3cret';

export const handleRules: readonly Rule[] = [
  {
    name: 'handle.waits lists the waits, and is the same array until something changes',
    async check(bed) {
      const client = await bed.client([503, 200]);
      const { handle } = client;
      const empty = handle.waits;
      const request = client.api.post('/x?y=1');
      await bed.untilWaiting(client);
      const [wait] = handle.waits;
      assert.equal(handle.waits, handle.waits);
      const { method, url, status, retryNumber, maxRetries, delay, basis } = wait ?? {};
      assert.deepEqual(
        { method, url, status, retryNumber, maxRetries, delay, basis },
        {
          method: 'POST',
          url: '/x?y=1',
          status: 503,
          retryNumber: 1,
          maxRetries: 5,
          delay: 8000,
          basis: 'backoff',
        },
      );
      assert.equal(wait?.dueAt, bed.clock.now() + 8000);
      await bed.settled(request);
      assert.deepEqual([empty.length, handle.waits.length], [0, 0]);
    },
  },
  {
    name: 'subscribe reports each wait that begins or ends, until the listener unsubscribes',
    async check(bed) {
      const client = await bed.client([503, 200, 503, 200]);
      const seen: number[] = [];
      const stop = client.handle.subscribe(() => seen.push(client.handle.waits.length));
      await bed.settled(client.api.get('/x'));
      assert.deepEqual(seen, [1, 0]);
      stop();
      await bed.settled(client.api.get('/x'));
      assert.equal(seen.length, 2);
    },
  },
  {
    name: 'retryNow sends at once',
    async check(bed) {
      const client = await bed.client([{ status: 429, headers: { 'Retry-After': '3600' } }, 200]);
      const begun = bed.clock.now();
      const request = client.api.get('/x');
      await bed.untilWaiting(client);
      client.handle.waits[0]?.retryNow();
      assert.equal((await request).status, 200);
      assert.equal(bed.clock.now(), begun);
    },
  },
  {
    name: 'cancel settles with the last outcome, without its body',
    async check(bed) {
      const client = await bed.client([
        { status: 503, headers: { 'X-Reason': 'full' }, body: 'busy' },
      ]);
      const request = client.api.get('/x').catch((error: AxiosError) => error);
      await bed.untilWaiting(client);
      client.handle.waits[0]?.cancel();
      const error = (await request) as AxiosError;
      assert.equal(error.isAxiosError, true);
      assert.equal(error.response?.status, 503);
      assert.match(JSON.stringify(error.response?.headers), /"x-reason":"full"/i);
      assert.equal(error.response?.data, undefined);
      assert.equal(bed.report(error)?.gaveUp, 'canceled');
    },
  },
  {
    name: 'cancel resolves with a response that validateStatus accepts',
    async check(bed) {
      const client = await bed.client([503], {}, { validateStatus: () => true });
      const request = client.api.get('/x');
      await bed.untilWaiting(client);
      client.handle.waits[0]?.cancel();
      assert.equal((await request).status, 503);
    },
  },
  ...(['decide', 'beforeRetry'] as const).map(
    (hook): Rule => ({
      name: `detach in ${hook} ends that request`,
      async check(bed) {
        let handle: RetryHandle | undefined;
        const client = await bed.client([503], {
          [hook]: (decision: unknown) => {
            handle?.detach();
            return decision;
          },
        });
        handle = client.handle;
        const outcome = await bed.settled(client.api.get('/x'));
        assert.equal(bed.report(outcome)?.gaveUp, 'canceled');
        assert.equal((await client.server.received()).length, 1);
      },
    }),
  ),
  {
    name: 'detach cancels the waits and stops retries',
    async check(bed) {
      const client = await bed.client([503]);
      const request = client.api.get('/x').catch((error: AxiosError) => error);
      await bed.untilWaiting(client);
      client.handle.detach();
      assert.equal(statusOf((await request) as AxiosError), 503);
      await bed.settled(client.api.get('/x'));
      assert.equal((await client.server.received()).length, 2);
    },
  },
  {
    name: 'attaching again replaces the first plugin; the two do not stack',
    async check(bed) {
      const { api, server } = await bed.client([503], { maxRetries: 5 });
      bed.attach(api, { maxRetries: 1 });
      bed.attach(api, { maxRetries: 2 });
      await bed.settled(api.get('/x'));
      assert.equal((await server.received()).length, 3);
    },
  },
  {
    name: 'retryReport also works on a response, and is plain JSON without credentials',
    async check(bed) {
      const { api } = await bed.client([503, { status: 200, body: SECRET }]);
      const outcome = await bed.settled(
        api.post(`/x?token=${SECRET}`, SECRET, { headers: { Authorization: SECRET } }),
      );
      const report = bed.report(outcome);
      assert.deepEqual(
        report?.attempts.map(({ status, delay }) => [status, delay]),
        [
          [503, 8000],
          [200, undefined],
        ],
      );
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
      assert.ok(!JSON.stringify(report).includes(SECRET));
    },
  },
  {
    name: 'retryCount gives a request interceptor the number of the send',
    async check(bed) {
      const { api } = await bed.client([503, 503, 200]);
      const counts: number[] = [];
      api.interceptors.request.use((config) => {
        counts.push(bed.environment.plugin.retryCount(config));
        return config;
      });
      await bed.settled(api.get('/x'));
      assert.deepEqual(counts, [0, 1, 2]);
    },
  },
  {
    name: 'twenty concurrent requests of one instance have separate counts, waits and responses',
    async check(bed) {
      const { api } = await bed.client([]);
      const servers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          bed.serve(503, { status: 429, headers: { 'Retry-After': String(i) } }, 200),
        ),
      );
      const outcomes = await Promise.all(
        servers.map((server) => {
          const { adapter } = bed.bare(server).defaults;
          return bed.settled(api.get(`${server.url}/x`, adapter ? { adapter } : {}));
        }),
      );
      assert.deepEqual(
        outcomes.map((outcome) => bed.delays(outcome)),
        servers.map((_, i) => [8000, i * 1000]),
      );
    },
  },
  {
    name: 'attachRetry takes new Axios() and axios itself, too',
    async check(bed) {
      const { axios } = bed.environment;
      const made = new axios.Axios({});
      const server = await bed.serve(503, 200, 503, 200);
      const { adapter } = bed.bare(server).defaults;
      const config = { url: `${server.url}/x`, method: 'get', ...(adapter && { adapter }) };
      const handle = bed.attach(axios);
      bed.attach(made as never);
      try {
        for (const send of [axios, made.request.bind(made)] as const) {
          const outcome = await bed.settled((send as typeof axios)(config));
          assert.equal(statusOf(outcome), 200);
          assert.deepEqual(bed.delays(outcome), [8000]);
        }
      } finally {
        handle.detach();
      }
    },
  },
];

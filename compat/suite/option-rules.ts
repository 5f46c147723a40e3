// Section 2 of the contract: the options and the hooks.
import assert from 'node:assert/strict';
import type { AxiosError } from 'axios';
import type { RetryOptions, RetryReport } from '../../src/index.js';
import type { Rule } from './rule.js';

/** A rule: with these options, the request ends in this way. */
const ends = (
  name: string,
  options: RetryOptions,
  expected: { sends: number; gaveUp: string },
): Rule => ({
  name,
  async check(bed) {
    const { api, server } = await bed.client([503], options);
    const outcome = await bed.settled(api.get('/x'));
    const sends = (await server.received()).length;
    assert.deepEqual({ sends, gaveUp: bed.report(outcome)?.gaveUp }, expected);
  },
});

export const optionRules: readonly Rule[] = [
  ends('maxRetries: 0 allows no retry', { maxRetries: 0 }, { sends: 1, gaveUp: 'max-retries' }),
  ends('maxRetries: 2 allows two retries', { maxRetries: 2 }, { sends: 3, gaveUp: 'max-retries' }),
  ends(
    'a wait longer than maxDelay is given up at once',
    { maxDelay: 60_000 },
    { sends: 2, gaveUp: 'max-delay' },
  ),
  ends(
    'a wait that would end after maxElapsed does not begin',
    { maxElapsed: 80_000 },
    { sends: 3, gaveUp: 'max-elapsed' },
  ),
  ends(
    'a wait that would end after totalTimeout does not begin',
    { totalTimeout: 80_000 },
    { sends: 3, gaveUp: 'total-timeout' },
  ),
  ends(
    'methods limits the table to some methods',
    { methods: ['post'] },
    { sends: 1, gaveUp: 'method' },
  ),
  {
    name: "config.retry overrides the instance's options, and false turns the plugin off",
    async check(bed) {
      for (const [retry, sends] of [
        [{ maxRetries: 1 }, 2],
        [false, 1],
      ] as const) {
        const { api, server } = await bed.client([503]);
        await bed.settled(api.get('/x', { retry }));
        assert.equal((await server.received()).length, sends);
      }
    },
  },
  {
    name: 'axios.create({ retry }) sets defaults like any other option of Axios',
    async check(bed) {
      const { api, server } = await bed.client([503], {}, { retry: { maxRetries: 1 } });
      await bed.settled(api.get('/x'));
      assert.equal((await server.received()).length, 2);
      await bed.settled(api.get('/x', { retry: { maxRetries: 3 } }));
      assert.equal((await server.received()).length, 6);
    },
  },
  {
    name: 'a wrong option throws at attachRetry, with its name in the message',
    async check(bed) {
      const api = bed.bare(await bed.serve(200));
      const wrong: readonly [object, string, RegExp][] = [
        [{ maxRetires: 1 }, 'TypeError', /maxRetires/],
        [{ maxRetries: '1' }, 'TypeError', /maxRetries/],
        [{ maxRetries: -1 }, 'RangeError', /maxRetries/],
      ];
      for (const [options, name, message] of wrong) {
        let thrown: unknown;
        try {
          bed.attach(api, options);
        } catch (error) {
          thrown = error;
        }
        assert.equal((thrown as Error | undefined)?.name, name);
        assert.match((thrown as Error).message, message);
      }
    },
  },
  {
    name: 'a wrong option in config.retry rejects the request without sending it',
    async check(bed) {
      const { api, server } = await bed.client([200]);
      const outcome = await bed.settled(api.get('/x', { retry: { maxDelay: -1 } }));
      assert.equal((outcome as AxiosError).name, 'RangeError');
      assert.equal((await server.received()).length, 0);
    },
  },
  {
    name: 'jitter only lengthens a wait',
    async check(bed) {
      const { api } = await bed.client([503, 200], { jitter: 1, random: () => 0.5 });
      assert.deepEqual(bed.delays(await bed.settled(api.get('/x'))), [12_000]);
    },
  },
  {
    name: "a custom table replaces the platform's",
    async check(bed) {
      const { defineStatusTable, exponentialBackoff, platformStatusTable } = bed.environment.plugin;
      const row = { code: 500, name: 'Error', description: 'Again.', retry: 'backoff' } as const;
      const table = defineStatusTable([row], { extends: platformStatusTable });
      const backoff = exponentialBackoff({ base: 100, factor: 2 });
      const { api } = await bed.client([500, 503, 200], { table, backoff });
      assert.deepEqual(bed.delays(await bed.settled(api.get('/x'))), [100, 200]);
    },
  },
  {
    name: 'idempotencyKey sets a key on POST and PATCH, the same for every attempt',
    async check(bed) {
      const { api, server } = await bed.client([503, 200, 503, 200, 503, 200], {
        idempotencyKey: true,
      });
      await bed.settled(api.post('/x'));
      await bed.settled(api.patch('/x'));
      await bed.settled(api.get('/x'));
      const keys = (await server.received()).map(({ headers }) => headers['idempotency-key']);
      assert.match(String(keys[0]), /^.{16,}$/);
      assert.deepEqual(keys, [keys[0], keys[0], keys[2], keys[2], undefined, undefined]);
      assert.ok(keys[0] !== keys[2]);
    },
  },
  {
    name: 'decide may retry a status that the table does not, but not before Retry-After',
    async check(bed) {
      const answers = [500, { status: 503, headers: { 'Retry-After': '20' } }, 200];
      const { api } = await bed.client(answers, {
        decide: () => Promise.resolve({ retry: true, delay: 1000, basis: 'backoff' }),
      });
      assert.deepEqual(bed.delays(await bed.settled(api.get('/x'))), [1000, 20_000]);
    },
  },
  {
    name: 'hooks run in order, and an edit in beforeRetry lasts for that attempt only',
    async check(bed) {
      const told: string[] = [];
      const { api, server } = await bed.client([503], {
        maxRetries: 2,
        onRetry: (wait) => told.push(`${wait.status}: retry ${wait.retryNumber} in ${wait.delay}`),
        beforeRetry: (config, { retryNumber }) => {
          told.push(`before ${retryNumber}`);
          if (retryNumber === 1) config.headers.set('X-First', 'yes');
        },
        onGiveUp: (report) => told.push(`gave up: ${report.gaveUp}`),
      });
      await bed.settled(api.get('/x'));
      assert.deepEqual(told, [
        '503: retry 1 in 8000',
        'before 1',
        '503: retry 2 in 64000',
        'before 2',
        'gave up: max-retries',
      ]);
      const seen = (await server.received()).map(({ headers }) => headers['x-first']);
      assert.deepEqual(seen, [undefined, 'yes', undefined]);
    },
  },
  ...(
    [
      ['is called once for a 429 without Retry-After', 429, ['no-retry-after']],
      ['is called once when the retries are used up', 503, ['max-retries']],
      [
        'is called once for a network error with networkErrors',
        { fault: 'reset' },
        ['max-retries'],
      ],
      ['is not called for a plain 404', 404, []],
    ] as const
  ).map(
    ([name, answer, expected]): Rule => ({
      name: `onGiveUp ${name}`,
      async check(bed) {
        const told: unknown[] = [];
        const onGiveUp = (report: RetryReport): unknown => told.push(report.gaveUp);
        const options = { networkErrors: true, maxRetries: 2, onGiveUp };
        const { api } = await bed.client([answer], options);
        await bed.settled(api.get('/x'));
        assert.deepEqual(told, expected);
      },
    }),
  ),
  {
    name: 'onGiveUp is not called for an abort',
    async check(bed) {
      let told = 0;
      const client = await bed.client([503], { onGiveUp: () => (told += 1) });
      const controller = new AbortController();
      const request = client.api.get('/x', { signal: controller.signal }).catch(() => undefined);
      await bed.untilWaiting(client);
      controller.abort();
      await request;
      assert.equal(told, 0);
    },
  },
  {
    name: 'a hook that returns a wrong value fails the request with a TypeError that names the hook',
    async check(bed) {
      const { api } = await bed.client([503], { decide: () => 'again' as never });
      const outcome = (await bed.settled(api.get('/x'))) as AxiosError;
      assert.equal(outcome.name, 'TypeError');
      assert.match(outcome.message, /decide/);
    },
  },
  ...(['decide', 'onRetry', 'beforeRetry'] as const).map(
    (hook): Rule => ({
      name: `an error thrown by ${hook} fails the request, with the HTTP error as its cause`,
      async check(bed) {
        const bug = new Error('a bug');
        const { api } = await bed.client([503], {
          [hook]: () => {
            throw bug;
          },
        });
        const outcome: unknown = await bed.settled(api.get('/x'));
        assert.equal(outcome, bug);
        assert.equal((bug.cause as AxiosError | undefined)?.response?.status, 503);
      },
    }),
  ),
];

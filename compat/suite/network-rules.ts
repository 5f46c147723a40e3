import assert from 'node:assert/strict';
import type { AxiosError, AxiosResponse } from 'axios';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { RetryOptions } from '../../src/index.js';
import { statusOf, until } from './bed.js';
import type { Environment } from './environment.js';
import { minorOf } from './environment.js';
import type { Rule } from './rule.js';

// Section 2 of the contract, `networkErrors`: what got no whole answer.

const noSocket = ({ adapter }: Environment): string | undefined =>
  adapter === 'mock' ? 'the mock adapter sends nothing' : undefined;

/** Seen with a bare request of `node:http`, without Axios. */
export const sendsAgain = ({ adapter, runtime }: Environment): string | undefined =>
  adapter === 'http' && runtime === 'deno'
    ? 'Deno’s node:http itself sends again what is aborted on a connection used before'
    : undefined;

const notTold = ({ adapter, runtime }: Environment): string | undefined =>
  adapter === 'fetch' && runtime === 'chromium'
    ? 'by fetch, a page is not told why a request failed'
    : undefined;

const RESET = { fault: 'reset' } as const;

export const networkRules: readonly Rule[] = [
  {
    name: 'a connection that is reset is not retried unless networkErrors is set',
    async check(bed) {
      const { api } = await bed.client([RESET]);
      const outcome = (await bed.settled(api.get('/x'))) as AxiosError;
      assert.equal(outcome.response, undefined);
      assert.equal(bed.report(outcome)?.attempts.length, 1);
      assert.equal(bed.report(outcome)?.gaveUp, 'network');
    },
  },
  {
    name: 'with networkErrors a GET whose connection is reset is sent again after the backoff',
    async check(bed) {
      // Many of them: browsers send once more by themselves for each socket that was used before.
      const answers = [...Array<Reply>(8).fill(RESET), 200];
      const options = { networkErrors: true, maxRetries: 9, backoff: () => 1000 };
      const { api } = await bed.client(answers, options);
      const outcome = await bed.settled(api.get('/x'));
      assert.equal(statusOf(outcome), 200);
      const delays = bed.delays(outcome);
      assert.ok(delays.length > 0 && delays.every((delay) => delay === 1000), delays.join());
    },
  },
  {
    name: 'with networkErrors a POST is sent again only with an idempotency key',
    unless: (environment) =>
      environment.adapter === 'http' && environment.runtime === 'deno' && minorOf(environment) < 13
        ? 'in Deno a bare POST never settles when a connection used before is reset (Axios before 1.13.0)'
        : undefined,
    async check(bed) {
      const { api } = await bed.client([RESET], { networkErrors: true, maxRetries: 2 });
      const plain = await bed.settled(api.post('/x', { a: 1 }));
      assert.equal(bed.report(plain)?.attempts.length, 1);
      const keyed = await bed.settled(
        api.post('/x', { a: 1 }, { headers: { 'Idempotency-Key': 'k-1' } }),
      );
      assert.deepEqual(bed.delays(keyed), [8000, 64_000]);
    },
  },
  {
    name: 'with networkErrors a refused connection is sent again, and given up in the end',
    unless: noSocket,
    async check(bed) {
      const server = await bed.serve(200);
      // A port on which nobody listens.
      const api = bed.bare(server, { baseURL: 'http://127.0.0.1:2' });
      bed.attach(api, { networkErrors: true, maxRetries: 1 });
      const outcome = await bed.settled(api.get('/x'));
      assert.deepEqual(bed.delays(outcome), [8000]);
      assert.equal(bed.report(outcome)?.gaveUp, 'max-retries');
    },
  },
  {
    name: 'with networkErrors an answer that is cut off is sent again',
    unless: noSocket,
    async check(bed) {
      const { api } = await bed.client([{ fault: 'truncated' }, 200], { networkErrors: true });
      const outcome = await bed.settled(api.get('/x'));
      assert.equal(statusOf(outcome), 200);
      assert.deepEqual(bed.delays(outcome), [8000]);
    },
  },
  {
    name: 'with networkErrors what can only fail again is not sent again: redirects in a circle',
    unless: (environment) =>
      noSocket(environment) ??
      notTold(environment) ??
      (environment.adapter === 'xhr' ? 'XMLHttpRequest does not tell why it failed' : undefined),
    async check(bed) {
      const circle = { status: 302, headers: { Location: 'x' } };
      const { api } = await bed.client([circle], { networkErrors: true });
      const outcome = await bed.settled(api.get('/x'));
      assert.equal(bed.report(outcome)?.gaveUp, 'network');
      assert.equal(bed.report(outcome)?.attempts.length, 1);
    },
  },
  {
    name: 'with networkErrors what can only fail again is not sent again: an unknown protocol',
    unless: (environment) => noSocket(environment) ?? notTold(environment),
    async check(bed) {
      const { api } = await bed.client([200], { networkErrors: true });
      const outcome = await bed.settled(api.get('foo://example.test/'));
      assert.ok((bed.report(outcome)?.attempts.length ?? 1) <= 1);
      assert.deepEqual(bed.delays(outcome), []);
    },
  },
  {
    name: 'timeout is per attempt, and the wait is not charged to it',
    unless: (environment) => noSocket(environment) ?? sendsAgain(environment),
    async check(bed) {
      const answers = [{ fault: 'silent' }, { fault: 'silent' }, 200] as const;
      const options: RetryOptions = {
        networkErrors: true,
        // On a busy machine an honest answer may be late.
        beforeRetry(config, { retryNumber }) {
          if (retryNumber === 2) config.timeout = 10_000;
        },
      };
      const { api } = await bed.client(answers, options, { timeout: 300 });
      const outcome = await bed.settled(api.get('/x'));
      assert.equal(statusOf(outcome), 200);
      assert.deepEqual(bed.delays(outcome), [8000, 64_000]);
      assert.match(String(bed.report(outcome)?.attempts[0]?.code), /^(ECONNABORTED|ETIMEDOUT)$/);
    },
  },
  {
    name: 'an unread failed answer is destroyed before the wait, so that it holds no socket',
    unless(environment) {
      const { adapter, runtime } = environment;
      if (adapter === 'xhr') return 'XMLHttpRequest has no response streams';
      // Seen with a bare fetch: one in ten is open for seconds after `body.cancel()`.
      return adapter === 'fetch' && runtime === 'chromium'
        ? 'Chromium closes the connection of a cancelled body in its own time'
        : noSocket(environment);
    },
    async check(bed) {
      const client = await bed.client([{ status: 503, fault: 'endless' }, 200]);
      const request = client.api.get('/x', { responseType: 'stream' });
      await bed.untilWaiting(client);
      const left = async () => (await client.server.received())[0]?.left === true;
      await until(left, 'the answer is not destroyed');
      const outcome = (await bed.settled(request)) as AxiosResponse<{
        destroy?(): void;
        cancel?(): unknown;
      }>;
      assert.equal(statusOf(outcome), 200);
      outcome.data.destroy?.();
      await outcome.data.cancel?.();
    },
  },
  {
    name: 'on the system’s clock a wait ends by itself',
    async check(bed) {
      const server = await bed.serve(503, 200);
      const api = bed.bare(server);
      bed.environment.plugin.attachRetry(api, { backoff: () => 30 });
      const begun = Date.now();
      assert.equal((await api.get('/x')).status, 200);
      assert.ok(Date.now() - begun >= 30);
    },
  },
];

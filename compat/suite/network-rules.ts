// Section 2 of the contract, `networkErrors`: requests without a complete response.
import assert from 'node:assert/strict';
import type { AxiosError, AxiosResponse } from 'axios';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { RetryOptions } from '../../src/index.js';
import type { Environment } from './environment.js';
import { minorOf } from './environment.js';
import type { Rule } from './rule.js';
import { statusOf, until } from './test-bed.js';

const noSocket = ({ adapter }: Environment): string | undefined =>
  adapter === 'mock' ? 'the mock adapter sends nothing' : undefined;

/** Observed with `node:http` alone, without Axios. */
export const sendsAgain = ({ adapter, runtime }: Environment): string | undefined =>
  adapter === 'http' && runtime === 'deno'
    ? "Deno's node:http itself resends a request that is aborted on a reused connection"
    : undefined;

const notTold = ({ adapter, runtime }: Environment): string | undefined =>
  adapter === 'fetch' && runtime === 'chromium'
    ? 'fetch does not tell a page why a request failed'
    : undefined;

const RESET = { fault: 'reset' } as const;

export const networkRules: readonly Rule[] = [
  {
    name: 'a reset connection is not retried unless networkErrors is set',
    async check(bed) {
      const { api } = await bed.client([RESET]);
      const outcome = (await bed.settled(api.get('/x'))) as AxiosError;
      assert.equal(outcome.response, undefined);
      assert.equal(bed.report(outcome)?.attempts.length, 1);
      assert.equal(bed.report(outcome)?.gaveUp, 'network');
    },
  },
  {
    name: 'with networkErrors a GET is retried after the backoff when its connection is reset',
    async check(bed) {
      // Many resets, because browsers resend a request once for each reused socket.
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
    name: 'with networkErrors a POST is retried only with an idempotency key',
    unless: (environment) =>
      environment.adapter === 'http' && environment.runtime === 'deno' && minorOf(environment) < 13
        ? 'in Deno a POST without the plugin never settles when a reused connection is reset (Axios before 1.13.0)'
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
    name: 'with networkErrors a refused connection is retried until the retries are used up',
    unless: noSocket,
    async check(bed) {
      const server = await bed.serve(200);
      // Nothing listens on this port.
      const api = bed.bare(server, { baseURL: 'http://127.0.0.1:2' });
      bed.attach(api, { networkErrors: true, maxRetries: 1 });
      const outcome = await bed.settled(api.get('/x'));
      assert.deepEqual(bed.delays(outcome), [8000]);
      assert.equal(bed.report(outcome)?.gaveUp, 'max-retries');
    },
  },
  {
    name: 'with networkErrors a truncated response is retried',
    unless: noSocket,
    async check(bed) {
      const { api } = await bed.client([{ fault: 'truncated' }, 200], { networkErrors: true });
      const outcome = await bed.settled(api.get('/x'));
      assert.equal(statusOf(outcome), 200);
      assert.deepEqual(bed.delays(outcome), [8000]);
    },
  },
  {
    name: 'with networkErrors a redirect loop is not retried',
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
    name: 'with networkErrors an unknown protocol is not retried',
    unless: (environment) => noSocket(environment) ?? notTold(environment),
    async check(bed) {
      const { api } = await bed.client([200], { networkErrors: true });
      const outcome = await bed.settled(api.get('foo://example.test/'));
      assert.ok((bed.report(outcome)?.attempts.length ?? 1) <= 1);
      assert.deepEqual(bed.delays(outcome), []);
    },
  },
  {
    name: 'timeout applies to each attempt and does not include the wait',
    unless: (environment) => noSocket(environment) ?? sendsAgain(environment),
    async check(bed) {
      const answers = [{ fault: 'silent' }, { fault: 'silent' }, 200] as const;
      const options: RetryOptions = {
        networkErrors: true,
        // On a busy machine even a real response may be late.
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
    name: 'the stream of a failed response is destroyed before the wait and holds no socket',
    unless(environment) {
      const { adapter, runtime } = environment;
      if (adapter === 'xhr') return 'XMLHttpRequest has no response streams';
      // Observed with fetch alone: one connection in ten stays open for seconds after `body.cancel()`.
      return adapter === 'fetch' && runtime === 'chromium'
        ? 'Chromium may close the connection of a cancelled body seconds later'
        : noSocket(environment);
    },
    async check(bed) {
      const client = await bed.client([{ status: 503, fault: 'endless' }, 200]);
      const request = client.api.get('/x', { responseType: 'stream' });
      await bed.untilWaiting(client);
      const left = async () => (await client.server.received())[0]?.left === true;
      await until(left, 'the response is not destroyed');
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
    name: 'on the system clock a wait ends by itself',
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

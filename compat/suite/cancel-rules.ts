// Section 3 of the contract: aborting a request.
import assert from 'node:assert/strict';
import type { AxiosError, AxiosRequestConfig } from 'axios';
import { sendsAgain } from './network-rules.js';
import type { Rule } from './rule.js';
import type { TestBed } from './test-bed.js';
import { until } from './test-bed.js';

/** Aborts a request in its first wait. Returns its error. */
async function abortInWait(bed: TestBed, config: AxiosRequestConfig, abort: () => void) {
  const client = await bed.client([503, 200]);
  const request = client.api.get('/x', config).catch((error: AxiosError) => error);
  await bed.untilWaiting(client);
  const begun = bed.clock.now();
  abort();
  const outcome = await request;
  assert.equal(bed.clock.now(), begun);
  assert.equal(client.handle.waits.length, 0);
  await bed.clock.runAll();
  assert.equal((await client.server.received()).length, 1);
  return outcome;
}

export const cancelRules: readonly Rule[] = [
  {
    name: "signal ends a wait at once with Axios's CanceledError, and nothing more is sent",
    async check(bed) {
      const { axios } = bed.environment;
      const controller = new AbortController();
      const outcome = await abortInWait(bed, { signal: controller.signal }, () =>
        controller.abort(),
      );
      assert.ok(axios.isCancel(outcome));
      assert.equal((outcome as AxiosError).code, 'ERR_CANCELED');
    },
  },
  {
    name: 'cancelToken ends a wait at once with its reason',
    async check(bed) {
      const { axios } = bed.environment;
      const source = axios.CancelToken.source();
      const outcome = await abortInWait(bed, { cancelToken: source.token }, () =>
        source.cancel('no more'),
      );
      assert.ok(axios.isCancel(outcome));
      assert.equal((outcome as AxiosError).message, 'no more');
    },
  },
  {
    name: 'a request that is aborted before it is sent is not retried',
    async check(bed) {
      const { api, server } = await bed.client([503], { networkErrors: true });
      let passes = 0;
      api.interceptors.request.use((config) => {
        passes += 1;
        return config;
      });
      const controller = new AbortController();
      controller.abort();
      const outcome = await bed.settled(api.get('/x', { signal: controller.signal }));
      assert.ok(bed.environment.axios.isCancel(outcome));
      assert.ok(passes <= 1, `${passes} passes`);
      // The mock adapter ignores the signal and sends once.
      assert.ok((await server.received()).length <= 1);
      assert.deepEqual(bed.delays(outcome), []);
    },
  },
  {
    name: "totalTimeout aborts an attempt in flight, with Axios's error of a time-out",
    unless: (environment) =>
      environment.adapter === 'mock' ? 'axios-mock-adapter ignores the signal' : undefined,
    async check(bed) {
      const options = { networkErrors: true, totalTimeout: 60_000 };
      const { api, server } = await bed.client([{ fault: 'silent' }], options);
      const { signal } = new AbortController();
      // In place of the plugin's signal, as interceptors that cancel duplicates have it.
      api.interceptors.request.use((config) => Object.assign(config, { signal }));
      const request = api.get('/x').catch((error: AxiosError) => error);
      await until(async () => (await server.received()).length > 0, 'nothing was sent');
      await bed.clock.advance(60_000);
      const outcome = (await request) as AxiosError;
      assert.equal(outcome.code, 'ECONNABORTED');
      assert.equal(outcome.config?.signal, signal);
      assert.equal(bed.report(outcome)?.gaveUp, 'total-timeout');
    },
  },
  {
    name: 'a request that is aborted in flight is not retried',
    unless: (environment) =>
      environment.adapter === 'mock'
        ? 'axios-mock-adapter ignores the signal'
        : sendsAgain(environment),
    async check(bed) {
      const { api, server } = await bed.client([{ fault: 'silent' }], { networkErrors: true });
      const controller = new AbortController();
      const request = api.get('/x', { signal: controller.signal }).catch((error: unknown) => error);
      await until(async () => (await server.received()).length > 0, 'nothing was sent');
      controller.abort();
      assert.ok(bed.environment.axios.isCancel(await request));
      await bed.clock.runAll();
      assert.equal((await server.received()).length, 1);
    },
  },
  {
    name: 'an abort in onRetry ends the request',
    async check(bed) {
      const controller = new AbortController();
      const begun = bed.clock.now();
      const { api, server } = await bed.client([503], { onRetry: () => controller.abort() });
      const request = api.get('/x', { signal: controller.signal });
      const outcome = await request.catch((error: unknown) => error);
      assert.ok(bed.environment.axios.isCancel(outcome));
      assert.equal(bed.clock.now(), begun);
      assert.equal((await server.received()).length, 1);
    },
  },
];

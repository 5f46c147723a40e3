// Facts that the pages in docs/guides/frameworks rely on and the programs do not show.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { HttpModule, HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import type { InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry } from 'axios-status-retry';
import { createTestClock } from 'axios-status-retry/testing';
import express from 'express';
import fastify from 'fastify';
import { patienceOf, refusalOf } from '../patience.js';

/** An adapter that answers everything with one status. */
function answering(status: number) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter = async (config: InternalAxiosRequestConfig) => {
    sent.push(config);
    const response = { config, status, statusText: '', headers: {}, data: '' };
    if (config.validateStatus?.(status) !== false) return response;
    throw new axios.AxiosError('Failed', undefined, config, undefined, response);
  };
  return { adapter, sent };
}

describe('a service', () => {
  it('waits as long as Prefer says, or two seconds', () => {
    assert.equal(patienceOf('wait=10'), 10_000);
    assert.equal(patienceOf('respond-async, wait=10'), 10_000);
    assert.equal(patienceOf('await=10'), 2000);
    assert.equal(patienceOf(), 2000);
  });

  it('answers 502 without Retry-After for an error that did not come from the plugin', () => {
    assert.deepEqual(refusalOf(new Error('no')), { status: 502, headers: {} });
  });

  /** Sends a body to a service that answers once its too early event has fired. */
  const answerOf = async (url: string): Promise<string> => {
    const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
    return (await fetch(url, { ...post, signal: AbortSignal.timeout(10_000) })).text();
  };

  it('on Express cannot use the close event of the request, which fires at the end of a body', async () => {
    const app = express().use(express.json());
    app.post('/', async (req, res) => {
      await once(req, 'close');
      res.send('too early');
    });
    const server = app.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      assert.equal(await answerOf(`http://127.0.0.1:${port}`), 'too early');
    } finally {
      server.close().closeAllConnections();
    }
  });

  it('on Fastify cannot use request.signal, which aborts at the end of a body', async () => {
    const app = fastify({ forceCloseConnections: true });
    app.post('/', async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
      return 'too early';
    });
    try {
      assert.equal(await answerOf(await app.listen({ host: '127.0.0.1', port: 0 })), 'too early');
    } finally {
      await app.close();
    }
  });
});

describe('NestJS’s HttpService', () => {
  it('uses the global axios when its module is imported without register()', async () => {
    const app = await NestFactory.createApplicationContext(HttpModule, { logger: false });
    assert.equal(app.get(HttpService).axiosRef, axios);
    await app.close();
  });

  it('does not abort a stream when it is unsubscribed from, so the wait goes on', async () => {
    const clock = createTestClock();
    const http = new HttpService(axios.create(answering(503)));
    const handle = attachRetry(http.axiosRef, { clock });
    const subscription = http
      .get('/', { responseType: 'stream', validateStatus: null })
      .subscribe({ error: () => undefined });
    await clock.advance(0);
    subscription.unsubscribe();
    assert.equal(handle.waits.length, 1);
    handle.detach();
  });
});

describe('a caching instance on top of a retrying one', () => {
  const { adapter, sent } = answering(404);
  const api = axios.create({ timeout: 777, adapter });
  attachRetry(api);
  const cachedBy = (maker: Pick<typeof axios, 'create'>, over = api) =>
    setupCache(maker.create({ adapter: ({ adapter: _, ...config }) => over.request(config) }));

  it('has the timeout of the retrying one only if that created it', async () => {
    await cachedBy(api).get('/a', { validateStatus: () => true });
    await cachedBy(axios).get('/b', { validateStatus: () => true });
    assert.deepEqual(
      sent.map(({ timeout }) => timeout),
      [777, 0],
    );
  });

  it('replaces validateStatus: null', async () => {
    await assert.rejects(cachedBy(api).get('/c', { validateStatus: null }));
    assert.equal(sent.at(-1)?.validateStatus?.(404), false);
  });

  it('gives simultaneous requests the last error of their one call', async () => {
    const { adapter, sent } = answering(503);
    const down = axios.create({ adapter });
    attachRetry(down, { maxRetries: 2, backoff: () => 0 });
    const cached = cachedBy(down, down);
    const results = await Promise.allSettled([1, 2, 3].map(() => cached.get('/d')));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal(sent.length, 3);
  });
});

describe('axios-mock-adapter', () => {
  for (const order of ['before', 'after']) {
    it(`works when it is set up ${order} the plugin`, async () => {
      const api = axios.create();
      const clock = createTestClock();
      if (order === 'after') attachRetry(api, { clock });
      const mock = new MockAdapter(api).onGet('/').replyOnce(503).onGet('/').reply(200);
      if (order === 'before') attachRetry(api, { clock });
      const [response] = await Promise.all([api.get('/'), clock.runAll()]);
      assert.equal(response.status, 200);
      assert.equal(mock.history.get?.length, 2);
    });
  }
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import fastify from 'fastify';
import { patienceOf, refusalOf } from '../patience.js';
import { linesOf } from './run.js';

for (const name of ['express', 'fastify']) {
  const lines = await linesOf(name);
  describe(`a service on ${name}`, () => {
    it('answers after retries, within its caller’s patience', () => {
      assert.equal(lines[0], '/reports/7     200; sends upstream: 3');
    });

    it('answers 503 with Retry-After at once where the wait would be longer than that', () => {
      assert.equal(lines[1], '/reports/busy  503, Retry-After: 60; sends upstream: 1');
    });

    it('ends the wait when its caller hangs up', () => {
      assert.equal(
        lines[2],
        '/reports/slow  hung up during the wait of 60 s, which ended with it; sends upstream: 1',
      );
    });

    it('answers who still waits when it stops', () => {
      assert.equal(
        lines[3],
        '/reports/late  503, Retry-After: 60, as the service stops; sends upstream: 1',
      );
      assert.equal(lines.length, 4);
    });
  });
}

describe('how long a caller waits', () => {
  it('is what Prefer says, or two seconds', () => {
    assert.equal(patienceOf('wait=10'), 10_000);
    assert.equal(patienceOf('respond-async, wait=10'), 10_000);
    assert.equal(patienceOf('await=10'), 2000);
    assert.equal(patienceOf(), 2000);
  });
});

describe('an error that did not come from the plugin', () => {
  it('is answered 502, without Retry-After', () => {
    assert.deepEqual(refusalOf(new Error('no')), { status: 502, headers: {} });
  });
});

describe('what tells too early that a caller has hung up', () => {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
  // Each service answers only once it was told so, while its caller is waiting for the answer.
  const answerOf = async (url: string): Promise<string> => {
    const answer = await fetch(url, { ...post, signal: AbortSignal.timeout(10_000) });
    return answer.text();
  };

  it('is the close of the request on Express: it comes with the end of a body', async () => {
    const app = express().use(express.json());
    app.post('/', async (req, res) => {
      await once(req, 'close');
      res.send('told too early');
    });
    const server = app.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      assert.equal(await answerOf(`http://127.0.0.1:${port}`), 'told too early');
    } finally {
      server.close().closeAllConnections();
    }
  });

  it('is request.signal on Fastify: it aborts with the end of a body', async () => {
    const app = fastify({ forceCloseConnections: true });
    app.post('/', async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
      return 'told too early';
    });
    try {
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      assert.equal(await answerOf(url), 'told too early');
    } finally {
      await app.close();
    }
  });
});

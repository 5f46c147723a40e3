import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry } from 'axios-status-retry';
import { createTestClock } from 'axios-status-retry/testing';
import { linesOf } from './run.js';

const lines = await linesOf('mock');

describe('axios-mock-adapter', () => {
  it('shows each attempt at its time on the test clock', () => {
    assert.deepEqual(lines.slice(0, 4), [
      'waits for 30 s, by retry-after',
      'sends after 29.999 s: 1',
      'sends after 30 s: 2',
      '200 after 3 sends, 94 s',
    ]);
  });

  it('has every attempt in its history, with the caller’s body', () => {
    assert.equal(lines[4], 'POST: max-retries after 6 sends');
    assert.equal(lines[5], 'their bodies: {"item":1}');
  });

  it('makes network errors, which are retried where networkErrors says so', () => {
    assert.equal(lines[6], 'networkErrors is off: Network Error, network');
    assert.equal(lines[7], 'networkErrors is on: 200');
  });

  it('still answers a request that waits when it is restored', () => {
    assert.equal(lines[8], 'mock.restore() during a wait: 200, still by the mock');
    assert.equal(lines.length, 9);
  });

  for (const order of ['before', 'after']) {
    it(`works where it is set up ${order} the plugin`, async () => {
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

import 'reflect-metadata';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpModule, HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import { createTestClock } from 'axios-status-retry/testing';
import { linesOf } from './run.js';

const lines = await linesOf('nest');

describe('NestJS’s HttpService', () => {
  it('retries', () => {
    assert.equal(lines[0], '/reports/7     200; sends: 3');
  });

  it('fails with the last error and its report', () => {
    assert.equal(lines[1], '/reports/down  failed: max-retries; sends: 3');
  });

  it('makes a call of its own for each subscription, so that RxJS’s retry multiplies', () => {
    assert.equal(lines[2], '/reports/twice failed: max-retries, with retry(1) on top; sends: 6');
  });

  it('ends the wait when it is unsubscribed from', () => {
    assert.equal(lines[3], '/reports/slow  unsubscribed during the wait of 60 s; 0 wait; sends: 1');
  });

  it('ends all waits when the app closes', () => {
    assert.equal(lines[4], '/reports/late  failed: canceled, as the app closes; sends: 1');
    assert.equal(lines.length, 5);
  });

  it('uses the global axios where its module is imported without register()', async () => {
    const app = await NestFactory.createApplicationContext(HttpModule, { logger: false });
    assert.equal(app.get(HttpService).axiosRef, axios);
    await app.close();
  });

  it('does not abort a stream when it is unsubscribed from; the wait goes on', async () => {
    const clock = createTestClock();
    const http = new HttpService(
      axios.create({
        adapter: async (config) => ({ config, status: 503, statusText: '', headers: {}, data: '' }),
      }),
    );
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

import axios from 'axios';
import type { RetryHandle } from '../../src/index.js';
import * as here from '../../src/index.js';
import { attachRetry, defineStatusTable, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { failureOf } from '../support/failure-of.js';
import { answering, handlersOf } from '../support/mock-client.js';

type Package = typeof here;

/** The package loaded a second time, with another copy of Axios: like ESM and CJS in one process. */
function anotherCopy(): Package {
  let copy: Package = here;
  jest.isolateModules(() => {
    copy = jest.requireActual<Package>('../../src/index.js');
  });
  return copy;
}

describe('two copies of the package', () => {
  const there = anotherCopy();

  it('are different modules', () => {
    expect(there.attachRetry).not.toBe(attachRetry);
  });

  it.each<[string, Package, Package]>([
    ['this one, then the other', here, there],
    ['the other, then this one', there, here],
  ])('replace each other on one instance: %s', async (_words, first, second) => {
    const { api, sends } = answering(503);
    const clock = createTestClock();
    const handles: RetryHandle[] = [first.attachRetry(api, { clock, maxRetries: 4 })];
    const waiting = failureOf(api.get('/waiting'));
    await clock.advance(0);
    handles.push(second.attachRetry(api, { clock, maxRetries: 1 }));
    expect(handlersOf(api)).toBe(2);
    expect(retryReport(await waiting)?.gaveUp).toBe('canceled');

    const failure = failureOf(api.get('/'));
    await clock.runAll();
    await failure;
    expect(sends()).toBe(3);
    expect(handles.map(({ waits }) => waits.length)).toEqual([0, 0]);
  });

  it('accept each other’s tables in attachRetry and in config.retry', async () => {
    const row = { code: 418, name: 'Teapot', description: 'A teapot.', retry: 'backoff' as const };
    const table = there.defineStatusTable([row], { extends: here.platformStatusTable });
    expect([...defineStatusTable([], { extends: table })]).toHaveLength(15);
    const clock = createTestClock();
    const one = answering(418, 200);
    attachRetry(one.api, { clock, table });
    const two = answering(418, 200);
    attachRetry(two.api, { clock });
    const requests = Promise.all([one.api.get('/'), two.api.get('/', { retry: { table } })]);
    await clock.runAll();
    expect((await requests).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('read each other’s reports and counts', async () => {
    const { api } = answering(503);
    const clock = createTestClock();
    there.attachRetry(api, { clock, maxRetries: 2 });
    const counts: number[] = [];
    api.interceptors.request.use((config) => {
      counts.push(here.retryCount(config), there.retryCount(config));
      return config;
    });
    const failure = failureOf(api.get('/'));
    await clock.runAll();
    const report = here.retryReport(await failure);
    expect(report).toMatchObject({ gaveUp: 'max-retries' });
    expect(report?.attempts.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(report).toEqual(there.retryReport(await failure));
    expect(counts).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('recognize each other’s cancellations', async () => {
    const { api } = answering(503);
    const clock = createTestClock();
    there.attachRetry(api, { clock });
    const controller = new AbortController();
    const failure = failureOf(api.get('/', { signal: controller.signal }));
    await clock.advance(0);
    controller.abort();
    expect(axios.isCancel(await failure)).toBe(true);
  });

  it('send each other’s failed requests again', async () => {
    const one = answering(503);
    const two = answering(200);
    const clock = createTestClock();
    here.attachRetry(one.api, { clock, maxRetries: 0 });
    there.attachRetry(two.api, { clock });
    const { config } = await failureOf(one.api.post('/', { a: 1 }));
    expect(await two.api.request(config ?? {})).toMatchObject({ status: 200 });
  });
});

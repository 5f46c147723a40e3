import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import fc from 'fast-check';
import { createGate } from '../../src/gate/gate.js';
import type { GateOptions } from '../../src/gate/index.js';
import { isRetryGateError } from '../../src/gate/index.js';
import type { RetryDeferral, RetryHandle, RetryOptions } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { SkewedClock } from '../support/skewed-clock.js';
import type { Answer, Ending, Reply, Sent } from '../support/stub-server.js';
import { busy, endingOf, StubServer, stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ORIGIN = 'https://api.example';

/** An instance at a gate, whose server answers as a test says. */
function setUp(
  answer: (sent: Sent) => Answer,
  gateOptions: GateOptions = {},
  options: RetryOptions = {},
) {
  const clock = stubClock(START);
  const server = new StubServer(clock, answer);
  const gate = options.gate ?? createGate(gateOptions);
  const api = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
  const handle = attachRetry(api, { clock, ...options, gate });
  const endings: Ending[] = [];
  /** Sends, and notes how it ends. */
  function get(url: string, config?: AxiosRequestConfig): Promise<Ending> {
    const ending = endingOf(url, api.get(url, config));
    void ending.then((one) => endings.push(one));
    return ending;
  }
  const getAll = (...urls: string[]) => urls.map((url) => get(url));
  /** Closes the gate: a request of its own is refused. */
  async function close(answered: Answer = busy(60)): Promise<{ ending: Promise<Ending> }> {
    const former = server.answer;
    server.answer = () => answered;
    const ending = get('/first');
    await clock.advance(0);
    server.answer = former;
    return { ending };
  }
  const passed = () => clock.now() - START;
  return { clock, server, gate, api, handle, endings, get, getAll, close, passed };
}

/** Closes a gate at its beginning for 60 s by `/first`, which is tried no more; others are good. */
async function closed(
  gateOptions: GateOptions = {},
  options: RetryOptions = {},
  answered: Answer = busy(60),
) {
  const all = setUp(() => 200, gateOptions, options);
  const former = all.server.answer;
  all.server.answer = () => answered;
  await Promise.all([all.get('/first', { retry: { maxRetries: 0 } }), all.clock.advance(0)]);
  all.server.answer = former;
  all.server.sent.splice(0);
  all.endings.splice(0);
  return all;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `/${i}`);

/** `/soon` closes the gate for 60 s, and `/late` 10 s later until 100 s. */
function prolonging(url: string, index: number): Answer {
  if (index > 1) return 200;
  return url === '/late' ? { ...busy(90), after: 10 * SECOND } : busy(60);
}

const shown = ({ waits }: RetryHandle) => waits.map(({ url, dueAt }) => [url, dueAt - START]);

describe('an answer closes the gate for the others', () => {
  it.each([
    [429, '7', 7],
    [503, '7', 7],
    [529, '7', 7],
    [429, '120', 120],
    [429, 'Tue, 01 Jan 2030 00:01:30 GMT', 90],
    [429, '3, 9', 9],
  ])('%d with Retry-After: %s until it is over', async (status, retryAfter, seconds) => {
    const { clock, server, get } = await closed({}, {}, { status, retryAfter });
    get('/next');
    await clock.advance(seconds * SECOND - 1);
    expect(server.sent).toEqual([]);
    await clock.advance(1);
    expect(server.times).toEqual([seconds * SECOND]);
  });

  it.each([503, 529])('%d without Retry-After for backoff(1)', async (status) => {
    const { clock, server, get } = await closed({}, {}, status);
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([8 * SECOND]);
  });

  it.each([503, 529])('%d with an invalid Retry-After for backoff(1)', async (status) => {
    const { clock, server, get } = await closed({}, {}, { status, retryAfter: 'soon' });
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([8 * SECOND]);
  });

  it('503 without Retry-After for as long as the request’s own backoff says', async () => {
    const backoff = jest.fn((retryNumber: number) => retryNumber * 2500);
    const { clock, server, get } = await closed({}, { backoff }, 503);
    expect(backoff).toHaveBeenCalledWith(1);
    get('/next');
    await clock.advance(20 * SECOND);
    expect(server.times).toEqual([2500]);
  });

  it('503 without Retry-After for backoff(1) after every retry', async () => {
    const { clock, get, server, handle } = setUp(
      ({ url }) => (url === '/sick' ? 503 : 200),
      {},
      { backoff: (retryNumber) => retryNumber * 1000 },
    );
    get('/sick');
    await clock.advance(SECOND);
    expect(server.times).toEqual([0, SECOND]);
    get('/next');
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ url: '/sick' }, { url: '/next', delay: SECOND }]);
  });

  it.each([200, 204, 400, 401, 403, 404, 409, 500, 502, 504])(
    '%d closes nothing, not with Retry-After either',
    async (status) => {
      const { clock, server, getAll } = await closed({}, {}, busy(60, status));
      getAll('/a', '/b');
      await clock.advance(0);
      expect(server.times).toEqual([0, 0]);
    },
  );

  it.each([undefined, '', 'soon', '-5', '1.5', '1e3', '7, soon'])(
    '429 with Retry-After: %s, which is none, closes nothing',
    async (retryAfter) => {
      const answer = retryAfter === undefined ? 429 : { status: 429, retryAfter };
      const { clock, server, get } = await closed({}, {}, answer);
      get('/next');
      await clock.advance(0);
      expect(server.times).toEqual([0]);
    },
  );

  it.each<[string, () => number]>([
    ['Infinity', () => Number.POSITIVE_INFINITY],
    ['NaN', () => Number.NaN],
    ['a negative number', () => -1],
    ['text', () => 'soon' as unknown as number],
  ])('503 closes nothing where backoff returns %s', async (_words, backoff) => {
    const { clock, server, get, api } = await closed({}, { backoff }, 503);
    expect(api).toBeDefined();
    get('/next');
    await clock.advance(0);
    expect(server.times).toEqual([0]);
  });

  it('whatever validateStatus says of it', async () => {
    const all = setUp(({ url }) => (url === '/first' ? busy(60, 503) : 200));
    all.get('/first', { validateStatus: () => true });
    await all.clock.advance(0);
    all.get('/next');
    await all.clock.advance(59 * SECOND);
    expect(all.server.urls).toEqual(['/first']);
  });

  it('also an answer to a retry', async () => {
    const { clock, server, get } = setUp(({ index }) => [502, busy(60), 200][index] ?? 200);
    get('/first');
    await clock.advance(8 * SECOND);
    expect(server.times).toEqual([0, 8 * SECOND]);
    get('/next');
    await clock.advance(59 * SECOND);
    expect(server.sent).toHaveLength(2);
    await clock.advance(SECOND);
    expect(server.times[2]).toBe(68 * SECOND);
  });

  it('Retry-After: 0 lets one go at once, and the others after its answer', async () => {
    const { clock, server, getAll } = await closed({}, {}, busy(0));
    server.answer = () => ({ status: 200, after: 40 });
    getAll('/a', '/b');
    await clock.advance(39);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(200);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('Retry-After without end refuses the others, and breaks nothing', async () => {
    const { clock, get, handle } = await closed({}, {}, busy('9'.repeat(400)));
    const { error } = await get('/next');
    expect(error).toMatchObject({ code: 'ERR_GATE_CLOSED', reason: 'gate' });
    get('/patient', { retry: { maxDelay: Number.POSITIVE_INFINITY } });
    await clock.advance(2 * HOUR);
    expect(handle.waits).toMatchObject([{ url: '/patient' }]);
    handle.waits[0]?.cancel();
    await clock.runAll();
    expect(clock.timers.size).toBe(0);
  });

  it('a shorter closing does not shorten a longer one', async () => {
    const { clock, server, getAll } = setUp(({ url }) =>
      url === '/long' ? busy(60) : url === '/short' ? busy(5) : 200,
    );
    getAll('/long', '/short');
    await clock.advance(0);
    getAll('/next');
    await clock.advance(59 * SECOND);
    expect(server.urls).toEqual(['/long', '/short']);
  });
});

describe('a request at a closed gate', () => {
  it('waits before its first send, and is shown with the earliest time possible', async () => {
    const { clock, handle, api } = await closed();
    await clock.advance(10 * SECOND);
    endingOf('/x', api.post('/x'));
    await clock.advance(5 * SECOND);
    expect(handle.waits).toEqual([
      {
        id: expect.any(Number),
        method: 'POST',
        url: '/x',
        status: undefined,
        retryNumber: 0,
        maxRetries: 5,
        delay: 50 * SECOND,
        dueAt: START + 60 * SECOND,
        basis: 'gate',
        retryNow: expect.any(Function),
        cancel: expect.any(Function),
      },
    ]);
    await clock.runAll();
    expect(handle.waits).toEqual([]);
  });

  it('uses up no attempt before its first send', async () => {
    const { clock, server, get } = await closed({}, { maxRetries: 1 });
    server.answer = ({ index }) => (index === 0 ? 502 : 200);
    const ending = get('/x');
    await clock.runAll();
    expect(server.sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
    expect(retryReport((await ending).value)?.attempts).toEqual([
      { sentAt: START + 60 * SECOND, status: 502, delay: 8 * SECOND },
      { sentAt: START + 68 * SECOND, status: 200 },
    ]);
  });

  it('waits before a retry, after its own wait, and uses up no attempt', async () => {
    const { clock, server, get, close, handle } = setUp(
      ({ index }) => (index === 0 ? 502 : 200),
      {},
      { maxRetries: 1 },
    );
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect(handle.waits).toMatchObject([
      { url: '/first', basis: 'retry-after' },
      { url: '/x', basis: 'gate', status: 502, retryNumber: 1, dueAt: START + 61 * SECOND },
    ]);
    await clock.advance(60 * SECOND);
    const { value } = await ending;
    expect(server.sent.find(({ retryNumber, url }) => url === '/x' && retryNumber > 0)).toEqual({
      at: 61 * SECOND,
      url: '/x',
      retryNumber: 1,
      index: 2,
    });
    expect(retryReport(value)?.attempts).toMatchObject([
      { status: 502, delay: 8 * SECOND },
      { status: 200, sentAt: START + 61 * SECOND },
    ]);
  });

  it('is shown with another time when the closing is prolonged', async () => {
    const { clock, server, getAll, handle } = setUp(({ url, index }) => prolonging(url, index));
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x');
    await clock.advance(0);
    const listener = jest.fn();
    handle.subscribe(listener);
    expect(shown(handle)).toContainEqual(['/x', 60 * SECOND]);
    await clock.advance(10 * SECOND);
    expect(listener).toHaveBeenCalled();
    expect(shown(handle)).toContainEqual(['/x', 100 * SECOND]);
    await clock.advance(89 * SECOND);
    expect(server.sent).toHaveLength(2);
  });

  it('passes with config.retry = false', async () => {
    const { server, get } = await closed();
    expect((await get('/x', { retry: false })).status).toBe(200);
    expect(server.times).toEqual([0]);
  });

  it('tells nothing where it has config.retry = false', async () => {
    const { clock, server, get } = setUp(({ url }) => (url === '/off' ? busy(60) : 200));
    await get('/off', { retry: false });
    get('/x');
    await clock.advance(0);
    expect(server.urls).toEqual(['/off', '/x']);
  });
});

describe('a wait at a closed gate that a person ends', () => {
  it('by cancel() rejects with Axios’s CanceledError before a first send', async () => {
    const { clock, server, get, handle } = await closed();
    const ending = get('/x');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    const { error } = await ending;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    await clock.advance(HOUR);
    expect([server.sent, handle.waits]).toEqual([[], []]);
    expect(clock.timers.size).toBe(0);
  });

  it('by cancel() settles a retry with its last outcome', async () => {
    const { clock, get, close, handle, server } = setUp(() => 502);
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    handle.waits.find(({ url }) => url === '/x')?.cancel();
    const { error, status } = await ending;
    expect([error?.name, status]).toEqual(['AxiosError', 502]);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(server.urls).toEqual(['/x', '/first']);
  });

  it('by detach() ends too, and nothing waits at the gate any more', async () => {
    const { clock, getAll, handle, endings, server } = await closed();
    getAll('/a', '/b');
    await clock.advance(0);
    handle.detach();
    await clock.advance(HOUR);
    expect(endings.map(({ error }) => axios.isCancel(error))).toEqual([true, true]);
    expect([server.sent, handle.waits]).toEqual([[], []]);
    expect(clock.timers.size).toBe(0);
  });

  it('does not end by retryNow() while the gate is closed', async () => {
    const { clock, server, get, handle } = await closed();
    get('/x');
    await clock.advance(0);
    handle.waits[0]?.retryNow();
    await clock.advance(59 * SECOND);
    expect(server.sent).toEqual([]);
    expect(handle.waits).toHaveLength(1);
  });

  it('does not end by retryNow() while a probe is out', async () => {
    const { clock, server, getAll, handle } = await closed();
    server.answer = () => ({ status: 200, after: 3 * SECOND });
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a']);
    handle.waits[0]?.retryNow();
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a']);
  });

  it('ends by retryNow() out of turn where the gate is open', async () => {
    const { clock, server, getAll, handle } = await closed();
    getAll(...numbered(8));
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/0']);
    handle.waits.find(({ url }) => url === '/6')?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/0', '/6']);
    await clock.advance(10 * SECOND);
    expect(server.urls).toEqual(['/0', '/6', '/1', '/2', '/3', '/4', '/5', '/7']);
  });

  it('ends by retryNow() beyond the start window', async () => {
    const { clock, server, getAll, handle } = setUp(() => ({ status: 200, after: SECOND }), {
      initialConcurrency: 2,
    });
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b']);
    handle.waits.find(({ url }) => url === '/d')?.retryNow();
    await clock.advance(0);
    expect(server.urls).toEqual(['/a', '/b', '/d']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/d', '/c']);
  });

  it('goes on at the gate by retryNow() of the retry’s own wait', async () => {
    const { clock, get, close, handle, server } = setUp(({ index }) => (index === 0 ? 502 : 200));
    get('/x');
    await clock.advance(0);
    await close(busy(60));
    handle.waits.find(({ url }) => url === '/x')?.retryNow();
    await clock.advance(0);
    expect(server.sent).toHaveLength(2);
    expect(handle.waits).toMatchObject([{ url: '/first' }, { url: '/x', basis: 'gate' }]);
  });
});

describe('an abort at a closed gate', () => {
  it('by signal ends a first send at once, and leaves nothing behind', async () => {
    const { clock, server, get, handle } = await closed();
    const controller = new AbortController();
    const ending = get('/x', { signal: controller.signal });
    await clock.advance(SECOND);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    const { error } = await ending;
    expect(axios.isCancel(error)).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
    await clock.advance(HOUR);
    expect(server.sent).toEqual([]);
  });

  it('by cancelToken ends a first send at once, with the token’s reason', async () => {
    const { clock, server, get, handle } = await closed();
    const source = axios.CancelToken.source();
    const ending = get('/x', { cancelToken: source.token });
    await clock.advance(SECOND);
    source.cancel('the user left');
    expect((await ending).error).toMatchObject({
      name: 'CanceledError',
      message: 'the user left',
    });
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
    await clock.advance(HOUR);
    expect(server.sent).toEqual([]);
  });

  it('ends a retry at once with Axios’s CanceledError', async () => {
    const { clock, get, close, handle } = setUp(() => 502);
    const controller = new AbortController();
    const ending = get('/x', { signal: controller.signal });
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    controller.abort();
    expect(axios.isCancel((await ending).error)).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(shown(handle)).toEqual([['/first', 61 * SECOND]]);
  });

  it('before it came there is not sent, and does not hold up the others', async () => {
    const { clock, server, get, getAll, endings } = await closed();
    get('/aborted', { signal: AbortSignal.abort() });
    getAll('/x');
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/x']);
    expect(axios.isCancel(endings[0]?.error)).toBe(true);
  });

  it('of a whole crowd leaves the others in their order', async () => {
    const { clock, server, get, endings } = await closed();
    const controller = new AbortController();
    for (const [i, url] of numbered(300).entries()) {
      get(url, i % 3 === 0 ? {} : { signal: controller.signal });
    }
    await clock.advance(0);
    controller.abort();
    await clock.runAll();
    expect(endings).toHaveLength(300);
    expect(server.urls).toEqual(numbered(300).filter((_, i) => i % 3 === 0));
  });
});

describe('the line at a gate', () => {
  it('is first in, first out', async () => {
    const { clock, server, getAll } = await closed();
    const urls = numbered(100);
    getAll(...urls);
    await clock.runAll();
    expect(server.urls).toEqual(urls);
  });

  it('is not jumped by one that comes when the gate is open', async () => {
    const { clock, server, getAll } = await closed();
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(60 * SECOND + 150);
    expect(server.urls).toEqual(['/a', '/b']);
    getAll('/late');
    await clock.runAll();
    expect(server.urls).toEqual(['/a', '/b', '/c', '/d', '/late']);
  });

  it('has a request that was refused at its end, when its wait is over', async () => {
    const { clock, server, close, getAll } = setUp(() => 200);
    await close(busy(60));
    getAll('/a', '/b');
    await clock.runAll();
    expect(server.urls).toEqual(['/first', '/a', '/b', '/first']);
  });

  it('of one key delays no other', async () => {
    const { clock, server, getAll } = await closed();
    getAll('/x', 'https://other.example/y', 'https://api.example:8443/z', 'http://api.example/w');
    await clock.advance(0);
    expect(server.urls).toEqual([
      'https://other.example/y',
      'https://api.example:8443/z',
      'http://api.example/w',
    ]);
  });

  it('takes maxQueued requests of a key, and refuses more', async () => {
    const { clock, get, getAll, handle, server } = await closed({ maxQueued: 2 });
    getAll('/a', '/b');
    await clock.advance(0);
    const { error } = await get('/c');
    expect(isRetryGateError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'RetryGateError',
      code: 'ERR_GATE_FULL',
      reason: 'gate',
      message: expect.stringMatching(/maxQueued \(2\)/),
    });
    expect(retryReport(error)?.gaveUp).toBe('gate');
    expect(handle.waits.map(({ url }) => url)).toEqual(['/a', '/b']);
    expect((await get('https://other.example/')).status).toBe(200);
    await clock.runAll();
    expect(server.urls).toEqual(['https://other.example/', '/a', '/b']);
  });

  it('takes another one where one has left', async () => {
    const { clock, getAll, handle, endings } = await closed({ maxQueued: 1 });
    getAll('/a');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    getAll('/b');
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/a' }, { url: '/b', status: 200 }]);
  });

  it('takes none with maxQueued: 0, and lets through what need not wait', async () => {
    const { get, close, clock } = setUp(() => 200, { maxQueued: 0 });
    expect((await get('/open')).status).toBe(200);
    const { ending } = await close();
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_FULL' });
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('refuses a retry too, whose HTTP error is the cause', async () => {
    const onGiveUp = jest.fn();
    const { clock, get, close, endings } = setUp(
      ({ url }) => (url === '/x' ? 502 : 200),
      { maxQueued: 0 },
      { onGiveUp },
    );
    get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect(endings).toMatchObject([
      { url: '/x', error: { code: 'ERR_GATE_FULL', cause: { response: { status: 502 } } } },
    ]);
    expect(onGiveUp.mock.calls).toMatchObject([
      [{ gaveUp: 'gate', attempts: [{ status: 502 }] }, {}],
    ]);
  });
});

describe('the key', () => {
  it('is what the option makes of the request as the caller made it', async () => {
    const key = jest.fn(({ headers }) => String(headers.get('X-Tenant')));
    const { clock, server, api } = setUp(({ url }) => (url === '/busy' ? busy(60) : 200), { key });
    const get = (url: string, tenant: string) =>
      endingOf(url, api.get(url, { headers: { 'X-Tenant': tenant }, params: { page: 2 } }));
    get('/busy', 'a');
    await clock.advance(0);
    get('/x', 'a');
    get('/y', 'b');
    await clock.advance(0);
    expect(server.urls).toEqual(['/busy', '/y']);
    expect(key.mock.calls[0]).toMatchObject([{ url: '/busy', method: 'get', params: { page: 2 } }]);
  });

  it('may be the same for two origins', async () => {
    const { clock, server, get, getAll } = setUp(({ url }) => (url === '/busy' ? busy(60) : 200), {
      key: () => '',
    });
    get('/busy');
    await clock.advance(0);
    getAll('https://other.example/');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/busy']);
  });

  it.each([
    ['nothing', undefined, 'undefined'],
    ['a number', 7, '7'],
    ['a promise', Promise.resolve('a'), '\\[object Promise\\]'],
  ])('that is %s fails the request with a TypeError that names it', async (_, given, words) => {
    const { get, server } = setUp(() => 200, { key: () => given as unknown as string });
    const { error } = await get('/x');
    expect(error).toBeInstanceOf(TypeError);
    expect(error?.message).toMatch(new RegExp(`option "key" takes a string; got ${words}`));
    expect(server.sent).toEqual([]);
  });

  it('whose function throws fails the request with that error', async () => {
    const mine = new Error('no tenant');
    const { get, server } = setUp(() => 200, {
      key() {
        throw mine;
      },
    });
    expect((await get('/x')).error).toBe(mine);
    expect(server.sent).toEqual([]);
  });

  it('whose function throws on a retry fails it, with the HTTP error as the cause', async () => {
    let broken = false;
    const { clock, get } = setUp(() => 502, {
      key() {
        if (broken) throw new Error('no tenant');
        return '';
      },
    });
    const ending = get('/x');
    await clock.advance(0);
    broken = true;
    await clock.runAll();
    expect((await ending).error).toMatchObject({
      message: 'no tenant',
      cause: { response: { status: 502 } },
    });
  });

  it('cannot change the request by what its function does to the config', async () => {
    const { clock, get, server } = setUp(() => 200, {
      key(config) {
        config.url = '/other';
        config.headers.set('X-Key', '1');
        return '';
      },
    });
    get('/x');
    await clock.advance(0);
    expect(server.urls).toEqual(['/x']);
  });
});

describe('a gate that is closed for longer than a request may wait', () => {
  it('by maxDelay refuses it at once', async () => {
    const { get, server, handle } = await closed({}, { maxDelay: 59_999 });
    const { error } = await get('/x');
    expect(isRetryGateError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'RetryGateError',
      code: 'ERR_GATE_CLOSED',
      reason: 'gate',
      notBefore: START + 60 * SECOND,
      message: expect.stringMatching(/closed for another 60000 ms.*maxDelay \(59999 ms\)/),
    });
    expect(retryReport(error)).toEqual({ attempts: [{ sentAt: START }], gaveUp: 'gate' });
    expect([server.sent, handle.waits]).toEqual([[], []]);
  });

  it('by maxDelay does not refuse it where it is closed for just as long', async () => {
    const { get, clock } = await closed({}, { maxDelay: 60_000 });
    const ending = get('/x');
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('by maxDelay refuses a retry too, whose cause is the HTTP error', async () => {
    const onGiveUp = jest.fn();
    const { clock, get, close } = setUp(() => 502, {}, { onGiveUp });
    const ending = get('/x', { retry: { maxDelay: 30_000 } });
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect((await ending).error).toMatchObject({
      code: 'ERR_GATE_CLOSED',
      cause: { response: { status: 502 } },
    });
    expect(onGiveUp.mock.calls[0]).toMatchObject([{ gaveUp: 'gate' }, { retryNumber: 1 }]);
  });

  it('by maxElapsed refuses a first send, for which no time has passed yet', async () => {
    const { get, clock, endings } = await closed();
    const refused = await get('/x', { retry: { maxElapsed: 59_999 } });
    expect(refused.error).toMatchObject({
      code: 'ERR_GATE_CLOSED',
      reason: 'gate',
      message: expect.stringMatching(/maxElapsed \(59999 ms\)/),
    });
    get('/y', { retry: { maxElapsed: 60_000 } });
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/x' }, { url: '/y', status: 200 }]);
  });

  it.each([
    [67_999, undefined],
    [67_998, 'ERR_GATE_CLOSED'],
  ])('by maxElapsed %d refuses a retry by the time since its first send: %s', async (...given) => {
    const [maxElapsed, code] = given;
    const { clock, get, close } = setUp(({ index }) => (index === 0 ? 502 : 200));
    const ending = get('/x', { retry: { maxElapsed } });
    await clock.advance(8 * SECOND - 1);
    await close(busy(60));
    await clock.runAll();
    const { error } = await ending;
    expect((error as { code?: string } | undefined)?.code).toBe(code);
  });

  it('does not use up the time of a first send by its wait', async () => {
    const { clock, get, server } = await closed({}, { maxElapsed: 60_000 });
    server.answer = ({ index }) => (index === 0 ? 502 : 200);
    const ending = get('/x');
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('refuses those who wait already when the closing is prolonged', async () => {
    const { clock, getAll, endings, server } = setUp(
      ({ url, index }) => prolonging(url, index),
      {},
      { maxDelay: 80 * SECOND },
    );
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x', '/y');
    await clock.advance(10 * SECOND - 1);
    expect(endings).toEqual([]);
    await clock.advance(1);
    expect(endings).toMatchObject([
      { url: '/late', status: 429 },
      { url: '/x', error: { code: 'ERR_GATE_CLOSED' } },
      { url: '/y', error: { code: 'ERR_GATE_CLOSED' } },
    ]);
    await clock.runAll();
    expect(server.urls).toEqual(['/late', '/soon', '/soon']);
  });
});

describe('a gate with a deferral, closed for longer than maxDelay', () => {
  const deferred = Object.assign(new Error('taken over'), { reason: 'deferred' });

  function deferralOf(defer: RetryDeferral['defer']) {
    return { attach: () => undefined, defer: jest.fn(defer) };
  }

  it('hands the request over', async () => {
    const deferral = deferralOf(async () => deferred);
    const { get, handle, server, clock } = await closed({}, { maxDelay: 30_000, deferral });
    const { error } = await get('/x');
    expect(error).toBe(deferred);
    expect(retryReport({ config: undefined, ...error })).toBeUndefined();
    expect(deferral.defer.mock.calls).toMatchObject([
      [{ retries: 0 }, { notBefore: START + 60 * SECOND, status: undefined, cause: undefined }],
    ]);
    await clock.advance(HOUR);
    expect([server.sent, handle.waits]).toEqual([[], []]);
  });

  it('hands over a retry with its last status', async () => {
    const deferral = deferralOf(async () => deferred);
    const { clock, get, close } = setUp(() => 502, {}, { maxDelay: 30_000, deferral });
    const ending = get('/x');
    await clock.advance(SECOND);
    await close(busy(60));
    deferral.defer.mockClear();
    await clock.advance(8 * SECOND);
    expect((await ending).error).toBe(deferred);
    expect(deferral.defer.mock.calls).toMatchObject([
      [{}, { notBefore: START + 61 * SECOND, status: 502 }],
    ]);
  });

  it('leaves its place in the line at once', async () => {
    const deferral = deferralOf(() => new Promise(() => undefined));
    const { clock, get, getAll, handle, server } = await closed({ maxQueued: 1 }, { deferral });
    get('/x', { retry: { maxDelay: 30_000 } });
    await clock.advance(0);
    getAll('/y');
    await clock.advance(0);
    expect(handle.waits.map(({ url }) => url)).toEqual(['/x', '/y']);
    handle.waits[0]?.retryNow();
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/y']);
  });

  it('can be cancelled while it saves', async () => {
    let saved: (error: Error) => void = () => undefined;
    const deferral = deferralOf(
      () =>
        new Promise((resolve) => {
          saved = resolve;
        }),
    );
    const { clock, get, handle } = await closed({}, { maxDelay: 30_000, deferral });
    const ending = get('/x');
    await clock.advance(0);
    handle.waits[0]?.cancel();
    expect(axios.isCancel((await ending).error)).toBe(true);
    saved(deferred);
    await clock.advance(HOUR);
    expect([handle.waits, clock.timers.size]).toEqual([[], 0]);
  });

  it.each<[string, unknown, string]>([
    ['an error', new Error('disk full'), 'disk full'],
    ['something else', 'disk full', 'disk full'],
  ])('that throws %s fails the request with it', async (_words, thrown, message) => {
    const deferral = deferralOf(() => Promise.reject(thrown));
    const { get, handle } = await closed({}, { maxDelay: 30_000, deferral });
    const { error } = await get('/x');
    expect(error).toBeInstanceOf(Error);
    expect(error?.message).toBe(message);
    expect(handle.waits).toEqual([]);
  });

  it('that throws at once fails the request with that error', async () => {
    const deferral = deferralOf(() => {
      throw new Error('no disk');
    });
    const { get } = await closed({}, { maxDelay: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ message: 'no disk' });
  });

  it('that cannot take it over leaves it refused', async () => {
    const deferral = deferralOf(async () => undefined);
    const { get } = await closed({}, { maxDelay: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_CLOSED', reason: 'gate' });
  });

  it('is asked by those who wait already when the closing is prolonged, once each', async () => {
    const deferral = deferralOf(async () => deferred);
    const { clock, getAll, endings } = setUp(
      ({ url, index }) => prolonging(url, index),
      {},
      { maxDelay: 80 * SECOND, deferral },
    );
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x');
    await clock.runAll();
    expect(endings).toMatchObject([
      { url: '/late', error: deferred },
      { url: '/x', error: deferred },
      { url: '/soon', status: 200 },
    ]);
    expect(deferral.defer).toHaveBeenCalledTimes(2);
  });

  it('is not asked for what maxElapsed forbids', async () => {
    const deferral = deferralOf(async () => deferred);
    const { get } = await closed({}, { maxElapsed: 30_000, deferral });
    expect((await get('/x')).error).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(deferral.defer).not.toHaveBeenCalled();
  });
});

describe('when the gate opens', () => {
  it('one request goes first, and the others after its answer', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = () => ({ status: 200, after: 2 * SECOND });
    getAll(...numbered(5));
    await clock.advance(62 * SECOND - 1);
    expect(server.times).toEqual([60 * SECOND]);
    await clock.advance(SECOND);
    expect(server.sent).toHaveLength(5);
    expect(server.times[1]).toBeGreaterThanOrEqual(62 * SECOND);
  });

  it('one that comes later is the probe, where nobody waited', async () => {
    const { clock, server, getAll } = await closed();
    await clock.advance(70 * SECOND);
    server.answer = () => ({ status: 200, after: 2 * SECOND });
    getAll('/a', '/b');
    await clock.advance(2 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(200);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe that is never answered holds the others for 5 s, then the next goes', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ url }) => (url === '/a' ? { after: Number.POSITIVE_INFINITY } : 200);
    getAll('/a', '/b', '/c');
    await clock.advance(65 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(1);
    expect(server.urls).toEqual(['/a', '/b']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/c']);
  });

  it('a probe that is aborted lets the next go at once', async () => {
    const { clock, server, get, getAll } = await closed();
    const controller = new AbortController();
    server.answer = ({ url }) => (url === '/a' ? { after: Number.POSITIVE_INFINITY } : 200);
    get('/a', { signal: controller.signal });
    getAll('/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a']);
    controller.abort();
    await clock.advance(0);
    expect(server.times).toEqual([60 * SECOND, 61 * SECOND]);
  });

  it('a probe that fails on the network lets the next go at once', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ url }) => (url === '/a' ? { reset: true, after: SECOND } : 200);
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.times).toEqual([60 * SECOND, 61 * SECOND]);
  });

  it.each([500, 502, 504])('a probe that gets %d lets the next go, alone again', async (status) => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ url }) =>
      url === '/a' ? { status, after: SECOND } : { status: 200, after: SECOND };
    getAll('/a', '/b', '/c');
    await clock.advance(62 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe that gets a 404 opens it: the server works', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ url }) => (url === '/a' ? 404 : 200);
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe that is refused without a Retry-After does not open it', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ url }) => (url === '/a' ? 429 : { status: 200, after: SECOND });
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(61 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe that is refused closes it again', async () => {
    const { clock, server, getAll, handle } = await closed();
    server.answer = ({ index }) => (index === 0 ? busy(30) : 200);
    getAll('/a', '/b');
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/a']);
    expect(shown(handle)).toContainEqual(['/b', 90 * SECOND]);
    await clock.advance(30 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/a']);
  });

  it('answers to what was sent before the closing do not open it', async () => {
    const { clock, server, getAll } = setUp(({ url, index }) =>
      url === '/busy' && index < 5 ? busy(60) : { status: 200, after: 10 * SECOND },
    );
    getAll('/a', '/b', '/busy');
    await clock.advance(0);
    getAll('/c');
    await clock.advance(60 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b', '/busy']);
  });

  it('answers to what was sent before the closing do not open it after its end either', async () => {
    const { clock, server, getAll } = setUp(({ url, index }) =>
      url === '/busy' && index < 5
        ? busy(60)
        : { status: 200, after: url === '/slow' ? 61 * SECOND : 5 * SECOND },
    );
    getAll('/slow', '/busy');
    await clock.advance(0);
    getAll('/a', '/b', '/c');
    await clock.advance(65 * SECOND - 1);
    expect(server.urls).toEqual(['/slow', '/busy', '/a']);
  });

  it('is no hindrance to an instance whose earlier interceptor unwraps the response', async () => {
    const { clock, server } = setUp(({ index }) =>
      index === 0 ? busy(60) : { status: 200, after: SECOND },
    );
    const api = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    api.interceptors.response.use((response) => response.data);
    attachRetry(api, { clock, gate: createGate() });
    endingOf('/busy', api.get('/busy'));
    await clock.advance(0);
    for (const url of numbered(20)) endingOf(url, api.get(url));
    await clock.advance(64 * SECOND);
    // The probe has opened it after a second: what follows does not go one by one.
    expect(server.sent.length).toBeGreaterThan(15);
  });
});

describe('a key that was never refused', () => {
  it('has 32 requests in flight at most, unless initialConcurrency says otherwise', async () => {
    const { clock, server, getAll } = setUp(() => ({ after: SECOND }));
    getAll(...numbered(100));
    await clock.advance(SECOND - 1);
    expect([server.open, server.peak]).toEqual([32, 32]);
  });

  it('admits one more for each success', async () => {
    const { clock, server, getAll } = setUp(
      ({ index }) => ({ status: 200, after: index < 2 ? SECOND : 9 * SECOND }),
      { initialConcurrency: 4 },
    );
    getAll(...numbered(100));
    await clock.advance(0);
    expect(server.open).toBe(4);
    await clock.advance(SECOND);
    expect(server.open).toBe(6);
  });

  it.each([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['a network error', { reset: true }],
    ['a 429 without Retry-After', { status: 429 }],
  ])('admits no more for %s', async (_words, answer) => {
    const { clock, server, getAll } = setUp(
      ({ index }) => ({ ...(index < 2 ? answer : {}), after: index < 2 ? SECOND : 9 * SECOND }),
      { initialConcurrency: 4 },
    );
    getAll(...numbered(100));
    await clock.advance(SECOND);
    expect(server.open).toBe(4);
  });

  it('admits one more for each eighth success from 256 in flight on', async () => {
    const { clock, server, getAll } = setUp(({ index }) => ({
      after: index < 256 - 32 + 80 ? 1 : 9 * SECOND,
    }));
    getAll(...numbered(1000));
    await clock.advance(100);
    expect(server.open).toBe(256 + 80 / 8);
  });

  it('has any number in flight with initialConcurrency: Infinity', async () => {
    const { clock, server, getAll } = setUp(() => ({ after: SECOND }), {
      initialConcurrency: Number.POSITIVE_INFINITY,
    });
    getAll(...numbered(500));
    await clock.advance(0);
    expect(server.open).toBe(500);
  });

  it('is never slowed: its requests are sent in the moment they are made', async () => {
    const { clock, server, get, passed } = setUp(() => ({ after: 20 }));
    for (let i = 0; i < 200; i += 1) {
      get('/x');
      await clock.advance(1);
      expect(server.times.at(-1)).toBe(passed() - 1);
    }
  });

  it('shows what waits there as due at once', async () => {
    const { clock, getAll, handle } = setUp(() => ({ after: SECOND }), { initialConcurrency: 1 });
    getAll('/a', '/b');
    await clock.advance(100);
    expect(handle.waits).toMatchObject([{ url: '/b', basis: 'gate', delay: 0, dueAt: START }]);
    await clock.advance(SECOND);
    expect(handle.waits).toEqual([]);
  });

  it('has no timer any more once nobody waits', async () => {
    const { clock, getAll, endings } = setUp(() => ({ after: SECOND }), { initialConcurrency: 1 });
    getAll('/a', '/b');
    await clock.advance(SECOND);
    // The answer to /b, and nothing else.
    await clock.advance(0);
    expect([endings.length, clock.timers.size]).toEqual([1, 1]);
    await clock.advance(SECOND);
    expect([endings.length, clock.timers.size]).toEqual([2, 0]);
  });

  it('is not held for ever by a call that never comes back', async () => {
    const { clock, server, getAll } = setUp(
      ({ url }) => (url === '/lost' ? { after: Number.POSITIVE_INFINITY } : 200),
      { initialConcurrency: 1 },
    );
    getAll('/lost', '/a', '/b', '/c');
    await clock.advance(30 * SECOND - 1);
    expect(server.urls).toEqual(['/lost']);
    await clock.advance(1);
    expect(server.urls).toEqual(['/lost', '/a', '/b', '/c']);
  });

  it('has its place back from a request whose backoff throws', async () => {
    const { clock, server, get } = setUp(({ index }) => (index === 0 ? 503 : 200), {
      initialConcurrency: 1,
    });
    const ending = get('/a', {
      retry: {
        backoff() {
          throw new Error('mine');
        },
      },
    });
    await clock.advance(0);
    expect((await ending).error?.message).toBe('mine');
    get('/b');
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b']);
  });
});

describe('a throttled key whose calls never come back', () => {
  it('goes on all the same', async () => {
    const { clock, server, getAll } = await closed();
    server.answer = ({ index }) => (index === 0 ? 200 : { after: Number.POSITIVE_INFINITY });
    getAll(...numbered(50));
    await clock.advance(70 * SECOND);
    expect(server.sent).toHaveLength(50);
  });
});

describe('a throttled key', () => {
  it('has no timer any more once nobody waits', async () => {
    const { clock, getAll, endings } = await closed();
    getAll(...numbered(5));
    await clock.advance(60 * SECOND);
    for (let i = 0; i < 100 && endings.length < 5; i += 1) await clock.advance(10);
    expect([endings.length, clock.timers.size]).toEqual([5, 0]);
  });

  it('has none while it is closed and nobody waits', async () => {
    const { clock } = await closed();
    expect(clock.timers.size).toBe(0);
  });
});

describe('several instances', () => {
  it('share what one answer said, on the clock of the first', async () => {
    const { clock, gate, server, get, handle } = await closed();
    const other = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    const otherClock = stubClock(START + 12 * HOUR);
    const otherHandle = attachRetry(other, { clock: otherClock, gate });
    get('/one');
    endingOf('/two', other.get('/two'));
    await clock.advance(0);
    expect(otherHandle.waits).toMatchObject([{ url: '/two', dueAt: START + 60 * SECOND }]);
    expect(handle.waits).toMatchObject([{ url: '/one' }]);
    await clock.runAll();
    expect(server.urls).toEqual(['/one', '/two']);
  });

  it('wait each by its own handle', async () => {
    const { clock, gate, server, getAll, handle, endings } = await closed();
    const other = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    const otherHandle = attachRetry(other, { clock, gate });
    getAll('/one');
    const two = endingOf('/two', other.get('/two'));
    await clock.advance(0);
    otherHandle.detach();
    expect(axios.isCancel((await two).error)).toBe(true);
    expect(handle.waits).toMatchObject([{ url: '/one' }]);
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/one', status: 200 }]);
  });

  it('go on when an instance is attached again', async () => {
    const { clock, gate, api, server, getAll } = await closed();
    getAll('/before');
    await clock.advance(0);
    attachRetry(api, { clock, gate });
    getAll('/after');
    await clock.advance(59 * SECOND);
    expect(server.sent).toEqual([]);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/after']);
  });
});

/** Lets requests settle that need no timer. */
async function turns(): Promise<void> {
  for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a clock that is set', () => {
  /** A gate on a skewed clock, with when each request was sent, by real time. */
  function skewed(options: RetryOptions = {}) {
    const clock = new SkewedClock(START);
    const sent: [string, number][] = [];
    const server = new StubServer(clock, ({ url, index }) => {
      sent.push([url, clock.elapsed]);
      return index === 0 ? busy(60) : 200;
    });
    const api = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    const handle = attachRetry(api, { clock, gate: createGate(), ...options });
    const get = (url: string) => endingOf(url, api.get(url));
    async function pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= 500) {
        clock.pass(Math.min(left, 500));
        await turns();
      }
      await turns();
    }
    return { clock, sent, get, pass, handle };
  }

  const steps = [200, 5 * SECOND, HOUR, 30 * 24 * HOUR];
  const moments = [0, SECOND, 15 * SECOND, 31 * SECOND, 59 * SECOND];

  it.each(moments.flatMap((moment) => steps.map((step) => [moment, step] as const)))(
    'back while the gate is closed does not make it wait longer: after %d ms, by %d ms',
    async (moment, step) => {
      const { clock, sent, get, pass } = skewed();
      get('/busy');
      await turns();
      get('/x');
      await pass(moment);
      clock.step(-step);
      await pass(90 * SECOND - moment);
      expect(sent).toHaveLength(3);
      expect(sent[1]?.[1]).toBeGreaterThanOrEqual(60 * SECOND);
      expect(sent[1]?.[1]).toBeLessThanOrEqual(61 * SECOND);
      expect(sent[2]?.[1]).toBeLessThanOrEqual(62 * SECOND);
    },
  );

  async function aloneWithSetBack(): Promise<number> {
    const { clock, sent, get, pass } = skewed();
    get('/busy');
    await pass(30 * SECOND);
    clock.step(-HOUR);
    await pass(100 * SECOND);
    return sent[1]?.[1] ?? Number.POSITIVE_INFINITY;
  }

  it('back while nobody waits at it costs the one that comes then one closing at most', async () => {
    expect(await aloneWithSetBack()).toBeLessThanOrEqual(121 * SECOND);
  });

  // A known limit (docs/gate.md): no timer is kept for a closed gate at which nobody waits.
  it.failing('back while nobody waits at it costs the refused request itself nothing', async () => {
    expect(await aloneWithSetBack()).toBeLessThanOrEqual(61 * SECOND);
  });

  it('back does not make one wait longer that comes later', async () => {
    const { clock, sent, get, pass } = skewed();
    get('/busy');
    await turns();
    get('/x');
    await pass(20 * SECOND);
    clock.step(-HOUR);
    await pass(20 * SECOND);
    get('/y');
    await pass(40 * SECOND);
    expect(sent.map(([url]) => url).sort()).toEqual(['/busy', '/busy', '/x', '/y']);
    expect(Math.max(...sent.map(([, at]) => at))).toBeLessThanOrEqual(61 * SECOND);
  });

  it('back moves the time that is shown', async () => {
    const { clock, get, pass, handle } = skewed();
    get('/busy');
    await turns();
    get('/x');
    await pass(20 * SECOND);
    clock.step(-HOUR);
    await pass(20 * SECOND);
    const { dueAt = 0 } = handle.waits.find(({ basis }) => basis === 'gate') ?? {};
    expect(dueAt).toBeGreaterThanOrEqual(START + 60 * SECOND - HOUR);
    expect(dueAt).toBeLessThanOrEqual(START + 60 * SECOND - HOUR + 200);
  });

  it('forward counts as time passed', async () => {
    const { clock, sent, get, pass } = skewed();
    get('/busy');
    await turns();
    get('/x');
    await pass(10 * SECOND);
    clock.step(20 * SECOND);
    await pass(31 * SECOND);
    expect(sent.slice(1).map(([, at]) => Math.floor(at / SECOND))).toEqual([40, 40]);
  });

  it('forward beyond the closing ends it at the next look, as a sleep does', async () => {
    const { clock, sent, get, pass } = skewed();
    get('/busy');
    await turns();
    get('/x');
    await pass(10 * SECOND);
    clock.sleep(8 * HOUR);
    await pass(16 * SECOND);
    expect(sent).toHaveLength(3);
    expect(sent[1]?.[1]).toBeLessThanOrEqual(25 * SECOND);
  });

  it('back while the gate is open stops nobody', async () => {
    const { clock, sent, get, pass } = skewed();
    get('/busy');
    await pass(62 * SECOND);
    for (const url of numbered(20)) get(url);
    await pass(500);
    clock.step(-HOUR);
    await pass(4 * SECOND);
    expect(sent).toHaveLength(22);
  });
});

describe('what a gate says of a request', () => {
  const secret = 's3cr3t';
  const config: AxiosRequestConfig = {
    baseURL: `https://user:${secret}@api.example`,
    headers: { Authorization: `Bearer ${secret}`, Cookie: secret },
    auth: { username: 'user', password: secret },
    params: { token: secret },
    data: { password: secret },
  };

  it.each<[string, GateOptions, RetryOptions]>([
    ['closed', {}, { maxDelay: 1000 }],
    ['closed for longer than maxElapsed', {}, { maxElapsed: 1000 }],
    ['full', { maxQueued: 0 }, {}],
  ])('holds no credential where it is %s', async (_words, gateOptions, options) => {
    const key = () => secret;
    const { get } = await closed({ key, ...gateOptions }, options);
    const { error } = await get('/x', config);
    expect(isRetryGateError(error)).toBe(true);
    const said = [String(error), error?.stack, inspect(error), JSON.stringify(error)].join();
    expect(said).not.toContain(secret);
    expect(JSON.stringify(retryReport(error))).not.toContain(secret);
  });

  it('holds no credential where its key is wrong', async () => {
    const key = (() => ({ secret })) as unknown as () => string;
    const { get } = setUp(() => 200, { key });
    const { error } = await get('/x', config);
    expect(error).toBeInstanceOf(TypeError);
    expect([String(error), inspect(error)].join()).not.toContain(secret);
  });

  it('holds no credential where it is shown as a wait', async () => {
    const { clock, get, handle } = await closed({ key: () => '' });
    get(`https://user:${secret}@api.example/x`, { headers: { Authorization: secret } });
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ url: 'https://api.example/x' }]);
    expect(inspect(handle.waits, { depth: 9 })).not.toContain(secret);
  });

  it('has the request’s config for interceptors all the same', async () => {
    const { get } = await closed({ maxQueued: 0 });
    const { error } = await get('/x', { headers: { 'X-Id': '7' } });
    expect(isRetryGateError(error) && error.config.url).toBe('/x');
    expect(isRetryGateError(error) && error.config.headers.get('X-Id')).toBe('7');
  });
});

describe('whatever a server answers and whatever people do', () => {
  const answer = fc.oneof(
    { weight: 6, arbitrary: fc.record({ status: fc.constant(200) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        status: fc.constantFrom(429, 503, 529),
        retryAfter: fc.constantFrom('0', '1', '3', '20', '-1', 'soon', ''),
      }),
    },
    { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(404, 429, 500, 502, 503, 504) }) },
    { weight: 1, arbitrary: fc.record({ reset: fc.constant(true) }) },
  );
  const replies = fc.array(
    fc
      .tuple(answer, fc.constantFrom(0, 1, 30, 400, 7000))
      .map(([reply, after]) => ({ ...reply, after })),
    { minLength: 1, maxLength: 40 },
  );
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.record({ send: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 4, arbitrary: fc.record({ pass: fc.constantFrom(0, 1, 50, 400, 1000, 9000) }) },
    { weight: 1, arbitrary: fc.record({ cancel: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ abort: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ hurry: fc.nat(20) }) },
  );
  const plan = fc.record({
    replies,
    acts: fc.array(act, { maxLength: 30 }),
    initialConcurrency: fc.constantFrom(1, 3, 32, Number.POSITIVE_INFINITY),
    maxQueued: fc.constantFrom(4, 1000, Number.POSITIVE_INFINITY),
    maxDelay: fc.constantFrom(10 * SECOND, HOUR),
    networkErrors: fc.boolean(),
    keys: fc.constantFrom(1, 2),
  });
  type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

  /** The rule of the closing, for one key. */
  class Closing {
    #from = Number.POSITIVE_INFINITY;
    #until = 0;

    forbids(at: number): boolean {
      // What was let in in the same moment may be on its way yet.
      return at > this.#from && at < this.#until;
    }

    answered(at: number, { status = 200, retryAfter }: Reply): void {
      const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
      const closedFor = status === 429 ? seconds : (seconds ?? 8);
      if (![429, 503, 529].includes(status) || closedFor === undefined) return;
      if (at >= this.#until) this.#from = at;
      this.#until = Math.max(this.#until, at + closedFor * SECOND);
    }
  }

  /** Carries a plan out, and lets the server recover in the end. */
  async function carryOut({
    replies,
    acts,
    keys,
    initialConcurrency,
    maxQueued,
    ...options
  }: Plan) {
    const all = setUp(
      ({ index }) => replies[index] ?? { status: 200, after: 5 },
      {
        initialConcurrency,
        maxQueued,
        key: ({ url }) => String(keyOf(String(url))),
      },
      { ...options, backoff: () => 8 * SECOND },
    );
    const { clock, server, handle, passed } = all;
    const closings = Array.from({ length: keys }, () => new Closing());
    const keyOf = (url: string): number => Number(url.slice(1)) % keys;
    const closingOf = (url: string): Closing => closings[keyOf(url)] as Closing;
    const early: Sent[] = [];
    const reply = server.answer;
    server.answer = (sent) => {
      if (closingOf(sent.url).forbids(sent.at)) early.push(sent);
      return reply(sent);
    };
    server.onAnswer = ({ url }, given) => closingOf(url).answered(passed(), given);
    const controllers: AbortController[] = [];
    const hurried = new Set<string>();
    for (const one of acts) {
      if ('send' in one) {
        for (let i = 0; i < one.send; i += 1) {
          const controller = new AbortController();
          controllers.push(controller);
          all.get(`/${controllers.length - 1}`, { signal: controller.signal });
        }
      } else if ('pass' in one) await clock.advance(one.pass);
      else if ('cancel' in one) handle.waits[one.cancel]?.cancel();
      else if ('abort' in one) controllers[one.abort]?.abort();
      else {
        const wait = handle.waits[one.hurry];
        if (wait) hurried.add(wait.url);
        wait?.retryNow();
      }
    }
    await clock.runAll();
    return { ...all, early, hurried, keyOf, made: controllers.length };
  }

  it('nothing is sent while its key is closed', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { early } = await carryOut(given);
        expect(early).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('every request is answered, refused or cancelled in the end, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { endings, made, handle, server, clock } = await carryOut(given);
        expect(endings).toHaveLength(made);
        for (const { status, error } of endings) {
          const isAnswered = status !== undefined || /socket hang up/.test(error?.message ?? '');
          expect(isAnswered || axios.isCancel(error) || isRetryGateError(error)).toBe(true);
        }
        expect([handle.waits, server.open, clock.timers.size]).toEqual([[], 0, 0]);
      }),
      { numRuns: 60 },
    );
  });

  it('first sends to a key go in the order in which they were made, but for hurried ones', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { server, hurried, keyOf } = await carryOut(given);
        for (let key = 0; key < given.keys; key += 1) {
          const numbers = server.sent
            .filter(
              ({ url, retryNumber }) =>
                retryNumber === 0 && keyOf(url) === key && !hurried.has(url),
            )
            .map(({ url }) => Number(url.slice(1)));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a key is sent to in the end as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { server, clock, get } = await carryOut(given);
        server.sent.splice(0);
        server.answer = () => 200;
        await clock.advance(61 * SECOND);
        const ending = get('/0');
        await clock.advance(0);
        expect((await ending).status).toBe(200);
      }),
      { numRuns: 40 },
    );
  });
});

import axios from 'axios';
import { createGate } from '../../src/gate/gate.js';
import { attachRetry } from '../../src/index.js';
import { dueTimes, numbered, ORIGIN, SECOND, setUp, setUpClosed } from '../support/gate-client.js';
import { busy, endingOf } from '../support/stub-server.js';

describe('when the gate opens', () => {
  it('one request is sent as the probe, and the others after its response', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = () => ({ status: 200, after: 2 * SECOND });
    getAll(...numbered(5));
    await clock.advance(62 * SECOND - 1);
    expect(server.times).toEqual([60 * SECOND]);
    await clock.advance(SECOND);
    expect(server.sent).toHaveLength(5);
    expect(server.times[1]).toBeGreaterThanOrEqual(62 * SECOND);
  });

  it('the next request is the probe if none was queued', async () => {
    const { clock, server, getAll } = await setUpClosed();
    await clock.advance(70 * SECOND);
    server.answer = () => ({ status: 200, after: 2 * SECOND });
    getAll('/a', '/b');
    await clock.advance(2 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(200);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('an unanswered probe holds the others for 5 s, then the next one is sent', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ url }) => (url === '/a' ? { after: Number.POSITIVE_INFINITY } : 200);
    getAll('/a', '/b', '/c');
    await clock.advance(65 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(1);
    expect(server.urls).toEqual(['/a', '/b']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/c']);
  });

  it('an aborted probe is followed by the next one at once', async () => {
    const { clock, server, get, getAll } = await setUpClosed();
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

  it('a probe with a network error is followed by the next one at once', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ url }) => (url === '/a' ? { reset: true, after: SECOND } : 200);
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.times).toEqual([60 * SECOND, 61 * SECOND]);
  });

  it.each([500, 502, 504])('a probe with a %d is followed by another probe', async (status) => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ url }) =>
      url === '/a' ? { status, after: SECOND } : { status: 200, after: SECOND };
    getAll('/a', '/b', '/c');
    await clock.advance(62 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe with a 404 opens the gate, as the server works', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ url }) => (url === '/a' ? 404 : 200);
    getAll('/a', '/b');
    await clock.advance(61 * SECOND);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a probe refused without a Retry-After does not open the gate', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ url }) => (url === '/a' ? 429 : { status: 200, after: SECOND });
    getAll('/a', '/b', '/c', '/d');
    await clock.advance(61 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b']);
  });

  it('a refused probe closes the gate again', async () => {
    const { clock, server, getAll, handle } = await setUpClosed();
    server.answer = ({ index }) => (index === 0 ? busy(30) : 200);
    getAll('/a', '/b');
    await clock.advance(60 * SECOND);
    expect(server.urls).toEqual(['/a']);
    expect(dueTimes(handle)).toContainEqual(['/b', 90 * SECOND]);
    await clock.advance(30 * SECOND - 1);
    expect(server.urls).toEqual(['/a']);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/a', '/b', '/a']);
  });

  it('responses to requests sent before the closing do not open the gate', async () => {
    const { clock, server, getAll } = setUp(({ url, index }) =>
      url === '/busy' && index < 5 ? busy(60) : { status: 200, after: 10 * SECOND },
    );
    getAll('/a', '/b', '/busy');
    await clock.advance(0);
    getAll('/c');
    await clock.advance(60 * SECOND - 1);
    expect(server.urls).toEqual(['/a', '/b', '/busy']);
  });

  it('responses to requests sent before the closing do not open the gate after its end either', async () => {
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

  it('works on an instance whose earlier interceptor unwraps the response', async () => {
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
    // The probe opens the gate after a second; from then on requests overlap.
    expect(server.sent.length).toBeGreaterThan(15);
  });
});

describe('a throttled key with calls that never end', () => {
  it('sends the queued requests nevertheless', async () => {
    const { clock, server, getAll } = await setUpClosed();
    server.answer = ({ index }) => (index === 0 ? 200 : { after: Number.POSITIVE_INFINITY });
    getAll(...numbered(50));
    await clock.advance(70 * SECOND);
    expect(server.sent).toHaveLength(50);
  });
});

describe('a throttled key', () => {
  it('keeps no timer when the queue is empty', async () => {
    const { clock, getAll, endings } = await setUpClosed();
    getAll(...numbered(5));
    await clock.advance(60 * SECOND);
    for (let i = 0; i < 100 && endings.length < 5; i += 1) await clock.advance(10);
    expect([endings.length, clock.timers.size]).toEqual([5, 0]);
  });

  it('keeps no timer while it is closed and the queue is empty', async () => {
    const { clock } = await setUpClosed();
    expect(clock.timers.size).toBe(0);
  });
});

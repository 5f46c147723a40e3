import type { GateOptions } from '../../src/gate/index.js';
import { createGate } from '../../src/gate/index.js';
import { numbered, ORIGIN, SECOND, START, setUp } from '../support/gate-client.js';
import { QUOTA_HEADER, readQuotaHeader } from '../support/quota-server.js';
import type { Answer, Sent } from '../support/stub-server.js';
import { busy } from '../support/stub-server.js';

function setUpGate(answer: (sent: Sent) => Answer, options: GateOptions = {}) {
  const gate = createGate(options);
  return { ...setUp(answer, {}, { gate }), gate, inspect: () => gate.inspect() };
}

describe('gate.inspect()', () => {
  it('is empty before the first request', () => {
    expect(createGate().inspect()).toEqual([]);
    expect(setUpGate(() => 200).inspect()).toEqual([]);
  });

  it('shows what is in flight and what waits', async () => {
    const { inspect, getAll, clock } = setUpGate(() => ({ after: 10 }), { initialConcurrency: 2 });
    getAll(...numbered(5));
    await clock.advance(0);
    expect(inspect()).toStrictEqual([{ key: ORIGIN, state: 'open', inFlight: 2, queued: 3 }]);
    await clock.runAll();
    expect(inspect()).toEqual([{ key: ORIGIN, state: 'open', inFlight: 0, queued: 0 }]);
  });

  it('shows a key that closes, sends a probe and opens', async () => {
    const { inspect, getAll, clock } = setUpGate(({ index }) =>
      index === 0 ? busy(60) : { after: SECOND },
    );
    getAll('/a');
    await clock.advance(0);
    expect(inspect()).toEqual([
      { key: ORIGIN, state: 'closed', closedUntil: START + 60 * SECOND, inFlight: 0, queued: 0 },
    ]);
    getAll('/b', '/c');
    await clock.advance(60 * SECOND);
    expect(inspect()).toEqual([{ key: ORIGIN, state: 'probing', inFlight: 1, queued: 2 }]);
    await clock.advance(SECOND);
    expect(inspect()).toMatchObject([{ state: 'open', rate: expect.any(Number) }]);
    await clock.runAll();
  });

  it('shows the tightest quota, less what is in flight, and that the key is closed by it', async () => {
    const told = (remaining: number) => ({
      [QUOTA_HEADER]: JSON.stringify([
        { name: 'hour', remaining: 500, reset: 3600 * SECOND, limit: 1000 },
        { name: 'minute', remaining, reset: 60 * SECOND, limit: 10 },
      ]),
    });
    const { inspect, getAll, clock } = setUpGate(
      ({ index }) => ({ headers: told(index === 0 ? 5 : 0), after: index === 0 ? 0 : SECOND }),
      { quotas: readQuotaHeader },
    );
    getAll('/a');
    await clock.advance(0);
    getAll('/b', '/c');
    await clock.advance(0);
    const quota = { name: 'minute', remaining: 3, limit: 10, resetAt: START + 60 * SECOND };
    expect(inspect()).toEqual([{ key: ORIGIN, state: 'open', inFlight: 2, queued: 0, quota }]);
    await clock.advance(SECOND);
    expect(inspect()).toMatchObject([{ state: 'closed', quota: { name: 'minute', remaining: 0 } }]);
  });

  it('shows of a quota only what was told', async () => {
    const told = [{ name: 'a', remaining: 5 }];
    const { inspect, get } = setUpGate(
      () => ({ headers: { [QUOTA_HEADER]: JSON.stringify(told) } }),
      { quotas: readQuotaHeader },
    );
    await get('/a');
    expect(inspect()[0]?.quota).toStrictEqual({ name: 'a', remaining: 5 });
  });

  it('shows no credentials', async () => {
    const secret = 's3cr3t';
    const { inspect, get, clock } = setUpGate(() => busy(60));
    get('/a?token=s3cr3t', {
      baseURL: `https://user:${secret}@api.example`,
      headers: { Authorization: secret },
      params: { key: secret },
    });
    await clock.advance(0);
    expect(JSON.stringify(inspect())).not.toContain(secret);
    expect(inspect()).toMatchObject([{ key: ORIGIN, state: 'closed' }]);
  });

  it('is JSON-safe', async () => {
    const { inspect, get } = setUpGate(() => 200);
    await get('/a');
    expect(JSON.parse(JSON.stringify(inspect()))).toEqual(inspect());
  });
});

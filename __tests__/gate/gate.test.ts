import type { AttachedInstance, GateOutcome } from '../../src/core/extensions.js';
import { AdaptiveRate } from '../../src/gate/adaptive-rate.js';
import { LimiterGroup } from '../../src/gate/limiter-group.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { COLLECTING, growthOf } from '../support/garbage.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

/** A gate whose key is the URL. */
function setUp(options: GateOptions = {}) {
  const clock = stubClock(1_000_000);
  const host: AttachedInstance = {
    clock,
    waits: new WaitList(clock),
    maxRetries: 5,
    detached: false,
  };
  const key: GateOptions['key'] = ({ url }) => String(url);
  /** The keys that have a pace. */
  const paced: string[] = [];
  const gate = new LimiterGroup(readGateOptions('test', { key, ...options }), (name) => {
    paced.push(name);
    return new AdaptiveRate();
  });
  gate.attach(host);
  /** Sends one, if it may be sent. */
  function send(url: string, outcome: GateOutcome = { status: 200 }): boolean {
    const place = gate.tryAcquire(callOf({ url }));
    place?.release(outcome);
    return place !== undefined;
  }
  /** How many may be in flight to a key, none of which comes back. */
  function room(url: string): number {
    let taken = 0;
    while (gate.tryAcquire(callOf({ url }))) taken += 1;
    return taken;
  }
  return { clock, gate, send, room, paced, host };
}

const REFUSED = { status: 429, retryAfter: 10_000 };

describe('the keys of a gate', () => {
  it('each have a pace of their own, from the first refusal on', () => {
    const { send, paced } = setUp();
    for (const url of ['/a', '/b', '/c']) send(url);
    expect(paced).toEqual([]);
    send('/a', REFUSED);
    send('/b', REFUSED);
    expect(paced).toEqual(['/a', '/b']);
    expect(['/a', '/b', '/c'].map((url) => send(url))).toEqual([false, false, true]);
  });

  it('run on the clock of the first instance', async () => {
    const { gate, send, clock } = setUp();
    const other = stubClock(9_000_000);
    gate.attach({ clock: other, waits: new WaitList(other), maxRetries: 5, detached: false });
    send('/a', REFUSED);
    await other.advance(20_000);
    expect(send('/a')).toBe(false);
    await clock.advance(20_000);
    expect(send('/a')).toBe(true);
  });

  it('are remembered while there are few: a start window that has grown', () => {
    const { send, room } = setUp({ initialConcurrency: 2 });
    for (let i = 0; i < 2; i += 1) send('/a');
    for (let i = 0; i < 200; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(4);
  });

  it('are forgotten when there are many and nothing is in flight to them', () => {
    const { send, room } = setUp({ initialConcurrency: 2 });
    for (let i = 0; i < 2; i += 1) send('/a');
    for (let i = 0; i < 300; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(2);
  });

  it('are not forgotten while something is in flight to them', () => {
    const { gate, send, room } = setUp({ initialConcurrency: 2 });
    const place = gate.tryAcquire(callOf({ url: '/a' }));
    for (let i = 0; i < 1000; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(1);
    place?.release({});
    expect(send('/a')).toBe(true);
  });

  it('are not forgotten while somebody waits there, nor is he', async () => {
    const { gate, host, send } = setUp({ initialConcurrency: 1 });
    const place = gate.tryAcquire(callOf({ url: '/a' }));
    const waiting = gate.acquire(callOf({ url: '/a' }), host);
    for (let i = 0; i < 1000; i += 1) send(`/other-${i}`);
    place?.release({});
    expect(await waiting).toMatchObject({ release: expect.any(Function) });
  });

  it('are not forgotten while they are closed', () => {
    const { send } = setUp();
    send('/a', REFUSED);
    for (let i = 0; i < 3000; i += 1) send(`/other-${i}`);
    expect(send('/a')).toBe(false);
  });

  it('begin anew 60 s after their last use and closing', async () => {
    const { clock, send, room, paced } = setUp({ initialConcurrency: 8 });
    send('/a', REFUSED);
    await clock.advance(70_000);
    // One probe, as what it was refused for is still known.
    expect(room('/a')).toBe(1);
    send('/b', REFUSED);
    await clock.advance(70_001);
    expect(room('/b')).toBe(8);
    expect(paced).toEqual(['/a', '/b']);
  });

  it(
    'cost bounded memory, whatever the origins',
    async () => {
      const { send } = setUp();
      const visit = (from: number, to: number) => () => {
        for (let i = from; i < to; i += 1) send(`/${i}`);
      };
      visit(0, 1000)();
      expect(await growthOf(visit(1000, 11_000))).toBeLessThan(1_000_000);
    },
    COLLECTING,
  );

  it(
    'cost bounded memory also where each has been refused, some time after that',
    async () => {
      const { clock, send } = setUp();
      const round = async (from: number): Promise<void> => {
        for (let i = from; i < from + 1000; i += 1) send(`/${i}`, { status: 429, retryAfter: 0 });
        await clock.advance(61_000);
      };
      await round(0);
      await round(1000);
      expect(
        await growthOf(async () => {
          for (let i = 2; i < 12; i += 1) await round(1000 * i);
        }),
      ).toBeLessThan(3_000_000);
    },
    COLLECTING,
  );
});

import type { AttachedInstance, GateOutcome } from '../../src/core/extensions.js';
import { LimiterGroup } from '../../src/gate/limiter-group.js';
import { LocalAdmission } from '../../src/gate/local-admission.js';
import type { GateOptions } from '../../src/gate/options.js';
import { readGateOptions } from '../../src/gate/options.js';
import { WaitList } from '../../src/wait/wait-list.js';
import { COLLECTING, growthOf } from '../support/garbage.js';
import { callOf } from '../support/stub-call.js';
import { stubClock } from '../support/stub-server.js';

/** A gate whose keys are URLs. */
function setUp(options: GateOptions = {}, start = 1_000_000) {
  const clock = stubClock(start);
  const host: AttachedInstance = {
    clock,
    waits: new WaitList(clock),
    maxRetries: 5,
    detached: false,
  };
  const key: GateOptions['key'] = ({ url }) => String(url);
  /** The keys that have begun, each time. */
  const begun: string[] = [];
  const settings = readGateOptions('test', { key, ...options });
  const gate = new LimiterGroup(settings, (name) => {
    begun.push(name);
    return new LocalAdmission(settings);
  });
  gate.attach(host);
  /** Sends one request, if that is allowed now. */
  function send(url: string, outcome: GateOutcome = { status: 200 }): boolean {
    const permit = gate.tryAcquire(callOf({ url }));
    permit?.release(outcome);
    return permit !== undefined;
  }
  /** Sends one request to each of many keys. */
  function sendMany(from: number, to: number, outcome?: GateOutcome): void {
    for (let i = from; i < to; i += 1) send(`/${i}`, outcome);
  }
  /** How many times a key has begun. */
  const times = (url: string): number => begun.filter((key) => key === url).length;
  /** How many more may be in flight to a key; none of them ends. */
  function room(url: string): number {
    let taken = 0;
    while (gate.tryAcquire(callOf({ url }))) taken += 1;
    return taken;
  }
  return { clock, gate, send, sendMany, room, begun, times, host };
}

const THROTTLED = { status: 429, retryAfter: 10_000 };

describe('the keys of a gate', () => {
  it('are each limited by themselves', () => {
    const { send, begun } = setUp();
    for (const url of ['/a', '/b', '/c', '/a']) send(url);
    expect(begun).toEqual(['/a', '/b', '/c']);
    send('/a', THROTTLED);
    send('/b', THROTTLED);
    expect(['/a', '/b', '/c'].map((url) => send(url))).toEqual([false, false, true]);
  });

  it('run on the clock of the first attached instance', async () => {
    const { gate, send, clock } = setUp();
    const other = stubClock(9_000_000);
    gate.attach({ clock: other, waits: new WaitList(other), maxRetries: 5, detached: false });
    send('/a', THROTTLED);
    await other.advance(20_000);
    expect(send('/a')).toBe(false);
    await clock.advance(20_000);
    expect(send('/a')).toBe(true);
  });

  it('send on a clock that begins at 0, as a test clock may', () => {
    const { send } = setUp({ maxRate: { requests: 1, per: 1000 } }, 0);
    expect([send('/a'), send('/a')]).toEqual([true, false]);
  });

  it('keep a concurrency window that has grown while there are few keys', () => {
    const { send, room } = setUp({ initialConcurrency: 2 });
    for (let i = 0; i < 8; i += 1) send('/a');
    for (let i = 0; i < 255; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(10);
  });

  it('are forgotten when there are more than 256 and they have no requests', () => {
    const { send, room } = setUp({ initialConcurrency: 2 });
    for (let i = 0; i < 2; i += 1) send('/a');
    for (let i = 0; i < 256; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(2);
  });

  it('are forgotten again when there are more than 256 again', () => {
    const { sendMany, times, send } = setUp();
    sendMany(0, 257);
    send('/a');
    sendMany(300, 400);
    send('/a');
    expect(times('/a')).toBe(1);
    sendMany(400, 600);
    send('/a');
    expect(times('/a')).toBe(2);
  });

  it('are forgotten again when there are twice as many as had to stay', () => {
    const { sendMany, times, send } = setUp();
    sendMany(0, 257, THROTTLED);
    send('/a');
    sendMany(300, 500);
    send('/a');
    expect(times('/a')).toBe(1);
    sendMany(500, 600);
    send('/a');
    expect(times('/a')).toBe(2);
  });

  it('are not forgotten while requests to them are in flight', () => {
    const { gate, send, room } = setUp({ initialConcurrency: 2 });
    const permit = gate.tryAcquire(callOf({ url: '/a' }));
    for (let i = 0; i < 1000; i += 1) send(`/other-${i}`);
    expect(room('/a')).toBe(1);
    permit?.release({});
    expect(send('/a')).toBe(true);
  });

  it('are not forgotten while a call waits at them', async () => {
    const { gate, host, send } = setUp({ initialConcurrency: 1 });
    const permit = gate.tryAcquire(callOf({ url: '/a' }));
    const waiting = gate.acquire(callOf({ url: '/a' }), host);
    for (let i = 0; i < 1000; i += 1) send(`/other-${i}`);
    permit?.release({});
    expect(await waiting).toMatchObject({ release: expect.any(Function) });
  });

  it('are not forgotten while they are closed', () => {
    const { send } = setUp();
    send('/a', THROTTLED);
    for (let i = 0; i < 3000; i += 1) send(`/other-${i}`);
    expect(send('/a')).toBe(false);
  });

  it('begin again 60 s after their last use and closing', async () => {
    const { clock, send, room, begun } = setUp({ initialConcurrency: 8 });
    send('/a', THROTTLED);
    await clock.advance(70_000);
    // One probe, because the throttle is still remembered.
    expect(room('/a')).toBe(1);
    send('/b', THROTTLED);
    await clock.advance(70_001);
    expect(room('/b')).toBe(8);
    expect(begun).toEqual(['/a', '/b', '/b']);
  });

  it('can be found, with what limits them, while they are known', () => {
    const { gate, send } = setUp();
    for (const url of ['/a', '/b']) send(url);
    send('/b', THROTTLED);
    expect(gate.admissionOf('/b')?.throttled).toBe(true);
    expect(gate.admissionOf('/c')).toBeUndefined();
    expect(gate.admissions).toEqual(['/a', '/b'].map((key) => gate.admissionOf(key)));
  });

  it('may have any name', () => {
    const { send, gate } = setUp();
    const names = ['__proto__', 'constructor', '', 'a\u0000b'];
    for (const name of names) send(name, THROTTLED);
    expect(names.map((name) => send(name))).toEqual([false, false, false, false]);
    expect(gate.inspect().map(({ key }) => key)).toEqual(names);
  });

  it(
    'take bounded memory however many there are',
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
    'take bounded memory in the long run when each was throttled, too',
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

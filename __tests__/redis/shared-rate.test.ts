import type { Grant } from '../../src/gate/rate-limiter.js';
import { RedisConnection } from '../../src/redis/connection.js';
import { SharedRate } from '../../src/redis/shared-rate.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1_000;

/** What a question says, by name. */
interface Told {
  readonly epoch: number;
  readonly passed: number;
  readonly firsts: number;
  readonly lost: number;
  readonly closedFor: number;
  readonly refusalEpoch: number;
  readonly burst: number;
  readonly span: number;
  readonly wanted: number;
  readonly rate: number;
  readonly closing: number;
}

const NAMES = [
  'epoch',
  'passed',
  'firsts',
  'lost',
  'closedFor',
  'refusalEpoch',
  'burst',
  'span',
  'wanted',
  'rate',
  'closing',
];

/** What a fake Redis answers; what is left out is of an open key at 50/s. */
interface Answer {
  readonly epoch?: number;
  readonly closedFor?: number;
  readonly closed?: boolean;
  readonly sends?: number;
  readonly delay?: number;
  readonly interval?: number;
  readonly rate?: number;
}

function setUp() {
  const clock = stubClock(START);
  const alarms = new MonotonicTimers(clock, () => {});
  const questions: Told[] = [];
  let answer: Answer | Error | 'never' = {};
  async function run(_key: string, args: readonly string[]): Promise<unknown> {
    const told = Object.fromEntries(NAMES.map((name, i) => [name, Number(args[i])]));
    questions.push(told as unknown as Told);
    if (answer === 'never') return new Promise(() => {});
    if (answer instanceof Error) throw answer;
    const { epoch = 100, closedFor = 0, closed = false } = answer;
    const { sends = 0, delay = 0, interval = 20, rate = 50 } = answer;
    return [epoch, closedFor, closed ? 1 : 0, sends, delay, interval, rate].map(String);
  }
  const link = new RedisConnection(run, 500, () => {});
  const changed = jest.fn();
  const pacer = new SharedRate('k', link, alarms, changed);
  const now = () => alarms.now();
  const settle = () => clock.advance(0);
  async function answering<T>(next: Answer | Error | 'never', act: () => T): Promise<Awaited<T>> {
    answer = next;
    const result = await act();
    await settle();
    return result;
  }
  /** It was refused for a second, its probe passed, and Redis says that it is open. */
  async function opened(): Promise<void> {
    const closed = { closed: true, closedFor: SECOND };
    await answering(closed, () => pacer.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    await clock.advance(SECOND);
    await answering({ closed: true, sends: 1 }, () => pacer.acquire(now(), 1));
    await answering({}, () => pacer.onSuccess(now(), pacer.epoch));
    questions.splice(0);
    changed.mockClear();
  }
  const take = (wanted = 1) => Promise.resolve(pacer.acquire(now(), wanted));
  /** Redis goes away, and comes to be asked a second later. */
  const goAway = () => answering(new Error('gone'), () => take());
  return { clock, link, pacer, questions, changed, now, answering, opened, take, goAway };
}

describe('a refusal', () => {
  it('is told at once, with the burst before it', async () => {
    const { pacer, now, answering, questions } = setUp();
    const refusal = { epoch: 0, closedFor: 5 * SECOND, burst: 9, span: 40 };
    await answering({ closed: true }, () => pacer.onThrottled(now(), refusal));
    expect(questions).toEqual([
      {
        epoch: 0,
        passed: 0,
        firsts: 0,
        lost: 0,
        closedFor: 5 * SECOND,
        refusalEpoch: 0,
        burst: 9,
        span: 40,
        wanted: 0,
        rate: 10,
        closing: 5 * SECOND,
      },
    ]);
  });

  it('closes before Redis has answered', async () => {
    const { pacer, now, answering } = setUp();
    expect([pacer.epoch, pacer.closed]).toEqual([0, true]);
    await answering('never', () => pacer.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    expect([pacer.epoch, pacer.closed, pacer.closedUntil]).toEqual([1, true, START + SECOND]);
  });

  it('of a send of this epoch is told with Redis’s number of it', async () => {
    const { pacer, now, answering, opened, questions } = setUp();
    await opened();
    const { epoch } = pacer;
    await answering({ epoch: 200 }, () => pacer.onThrottled(now(), { epoch, closedFor: SECOND }));
    expect(questions).toMatchObject([{ refusalEpoch: 100, closedFor: SECOND }]);
  });

  it('of an earlier send is told as of none', async () => {
    const { pacer, now, answering, opened, questions } = setUp();
    await opened();
    for (const epoch of [0, pacer.epoch - 1]) {
      await answering({}, () => pacer.onThrottled(now(), { epoch, closedFor: SECOND }));
    }
    expect(questions).toMatchObject([{ refusalEpoch: -1 }, { refusalEpoch: -1 }]);
  });

  it('makes worthless what leave is still to come', async () => {
    const { pacer, now, opened, take, answering } = setUp();
    await opened();
    let grant: Grant | undefined;
    await answering({ sends: 5 }, () => {
      void take(5).then((given) => {
        grant = given;
      });
      const refusal = { epoch: pacer.epoch, closedFor: 3 * SECOND };
      void answering('never', () => pacer.onThrottled(now(), refusal));
    });
    expect(grant).toMatchObject({ sends: 0, at: now() + 3 * SECOND });
    expect(pacer.closed).toBe(true);
  });

  it('that is shorter does not shorten a longer closing', async () => {
    const { pacer, now, answering } = setUp();
    const refuse = (closedFor: number) =>
      answering({ closed: true, closedFor }, () =>
        pacer.onThrottled(now(), { epoch: 0, closedFor }),
      );
    await refuse(9 * SECOND);
    await refuse(SECOND);
    expect(pacer.closedUntil).toBe(START + 9 * SECOND);
  });
});

describe('leave', () => {
  it('is what Redis says, by this process’s clock', async () => {
    const { opened, take, answering, now, pacer, questions } = setUp();
    await opened();
    const grant = await answering({ sends: 3, delay: 15, interval: 5 }, () => take(8));
    expect(grant).toEqual({ sends: 3, at: now() + 15, interval: 5, epoch: pacer.epoch });
    expect(questions).toMatchObject([{ wanted: 8, epoch: 100, closedFor: -1 }]);
  });

  it('counts from when the answer is here', async () => {
    const { opened, take, clock, link, now } = setUp();
    await opened();
    const answer = ['100', '0', '0', '0', '30', '0', '50'];
    const late = (): Promise<unknown> =>
      new Promise((resolve) => clock.setTimeout(() => resolve(answer), 200));
    Object.assign(link, { runScript: late });
    let grant: Grant | undefined;
    void take().then((given) => {
      grant = given;
    });
    await clock.advance(200);
    expect(grant).toMatchObject({ sends: 0, at: now() + 30 });
  });

  it('is not before the closing that this process knows of', async () => {
    const { pacer, now, take, answering } = setUp();
    await answering({}, () => pacer.onThrottled(now(), { epoch: 0, closedFor: SECOND }));
    const grant = await answering({ sends: 1, delay: 0 }, () => take());
    expect(grant.at).toBe(START + SECOND);
  });

  it('is of a new epoch where another process was refused', async () => {
    const { opened, take, answering, pacer } = setUp();
    await opened();
    const before = pacer.epoch;
    const again = { epoch: 300, closed: true, closedFor: 7 * SECOND, delay: 7 * SECOND };
    const grant = await answering(again, () => take());
    expect(pacer.epoch).toBe(before + 1);
    expect(grant).toMatchObject({ sends: 0, epoch: before + 1 });
    expect([pacer.closed, pacer.closedUntil]).toEqual([true, START + 8 * SECOND]);
  });
});

describe('where there is no leave, Redis is not asked for it', () => {
  const none = { sends: 0, delay: 300 };

  it('before it says that there may be some', async () => {
    const { opened, take, answering, now, clock, questions } = setUp();
    await opened();
    const at = now() + 300;
    expect(await answering(none, () => take())).toMatchObject({ sends: 0, at });
    await clock.advance(299);
    expect(await take()).toMatchObject({ sends: 0, at });
    expect(questions).toHaveLength(1);
    await clock.advance(1);
    await take();
    expect(questions).toHaveLength(2);
  });

  it('unless a probe has come back here since', async () => {
    const { pacer, now, answering, take, questions } = setUp();
    await answering({ closed: true }, () => pacer.onThrottled(now(), { epoch: 0, closedFor: 0 }));
    await answering({ closed: true, sends: 1 }, () => take());
    await answering({ closed: true, ...none }, () => take());
    await answering({}, () => pacer.onSuccess(now(), pacer.epoch));
    questions.splice(0);
    await answering({ sends: 1 }, () => take());
    expect(questions).toHaveLength(1);
  });
});

describe('what passed', () => {
  it('is told with the next question, once', async () => {
    const { opened, take, answering, pacer, now, questions } = setUp();
    await opened();
    for (let i = 0; i < 4; i += 1) pacer.onSuccess(now(), pacer.epoch);
    expect(questions).toEqual([]);
    await answering({}, () => take());
    await answering({}, () => take());
    expect(questions.map(({ passed }) => passed)).toEqual([4, 0]);
  });

  it('before the first refusal is told apart', async () => {
    const { pacer, now, answering, questions, take } = setUp();
    await answering({ closed: true }, () => pacer.onThrottled(now(), { epoch: 0, closedFor: 0 }));
    for (let i = 0; i < 3; i += 1) pacer.onSuccess(now(), 0);
    await answering({ closed: true }, () => take());
    expect(questions[1]).toMatchObject({ firsts: 3, passed: 0 });
  });

  it('of an earlier epoch is not told', async () => {
    const { opened, take, answering, pacer, now, questions } = setUp();
    await opened();
    pacer.onSuccess(now(), pacer.epoch - 1);
    await answering({}, () => take());
    expect(questions).toMatchObject([{ passed: 0, firsts: 0 }]);
  });

  it('as a probe is told at once, and who waits may ask', async () => {
    const { pacer, now, answering, questions, changed, clock } = setUp();
    await answering({ closed: true }, () =>
      pacer.onThrottled(now(), { epoch: 0, closedFor: SECOND }),
    );
    await clock.advance(SECOND);
    await answering({ closed: true, sends: 1 }, () => pacer.acquire(now(), 1));
    changed.mockClear();
    await answering({}, () => pacer.onSuccess(now(), pacer.epoch));
    expect(questions.at(-1)).toMatchObject({ passed: 1, wanted: 0, epoch: 100 });
    expect([pacer.closed, changed.mock.calls.length]).toEqual([false, 1]);
  });
});

describe('what told nothing', () => {
  it('as a probe is told at once, or the others would wait for it', async () => {
    const { pacer, now, answering, questions, changed } = setUp();
    await answering({ closed: true }, () => pacer.onThrottled(now(), { epoch: 0, closedFor: 0 }));
    await answering({ closed: true, sends: 1 }, () => pacer.acquire(now(), 1));
    changed.mockClear();
    await answering({ closed: true }, () => pacer.onIgnored(now(), pacer.epoch));
    expect(questions.at(-1)).toMatchObject({ lost: 1, epoch: 100 });
    expect(changed).toHaveBeenCalled();
  });

  it('is else not told', async () => {
    const { pacer, now, opened, answering, questions, take } = setUp();
    await opened();
    pacer.onIgnored(now(), pacer.epoch);
    pacer.onIgnored(now(), 0);
    await answering({}, () => take());
    expect(questions).toMatchObject([{ lost: 0 }]);
  });
});

describe('while Redis is away', () => {
  it('goes on at the rate of its own that was accepted, and not at the one of all', async () => {
    const { opened, goAway, take, pacer, now, clock } = setUp();
    await opened();
    await clock.advance(SECOND);
    for (let i = 0; i < 20; i += 1) {
      pacer.onSuccess(now(), pacer.epoch);
      await clock.advance(50);
    }
    await goAway();
    let sends = 0;
    for (let i = 0; i < 90; i += 1) {
      const grant = await take();
      if (grant.at <= now()) sends += grant.sends;
      await clock.advance(10);
    }
    expect(sends).toBeGreaterThanOrEqual(17);
    expect(sends).toBeLessThanOrEqual(21);
  });

  it('goes on at 1/s where nothing of its own was accepted', async () => {
    const { opened, goAway, pacer, now, clock, take } = setUp();
    await opened();
    await clock.advance(3 * SECOND);
    await goAway();
    const { at } = await take();
    expect(at - now()).toBeGreaterThan(900);
    expect(pacer.closed).toBe(false);
  });

  it('stays closed for what it knows, and then probes by itself', async () => {
    const { pacer, now, answering, clock, take } = setUp();
    const refusal = { epoch: 0, closedFor: 5 * SECOND };
    await answering(new Error('gone'), () => pacer.onThrottled(now(), refusal));
    expect(await take()).toMatchObject({ sends: 0, at: START + 5 * SECOND });
    await answering('never', () => clock.advance(5 * SECOND));
    expect(await take()).toMatchObject({ sends: 1, at: START + 5 * SECOND });
    expect((await take()).sends).toBe(0);
    pacer.onSuccess(now(), pacer.epoch);
    expect(pacer.closed).toBe(false);
  });

  it('is closed by refusals and opened by probes as ever', async () => {
    const { opened, goAway, pacer, now, take, clock, answering } = setUp();
    await opened();
    await goAway();
    await answering('never', () => clock.advance(10));
    const { epoch } = pacer;
    pacer.onThrottled(now(), { epoch, closedFor: 2 * SECOND });
    expect(pacer.epoch).toBe(epoch + 1);
    expect(await take()).toMatchObject({ sends: 0, at: now() + 2 * SECOND });
    await clock.advance(2 * SECOND);
    expect(await take()).toMatchObject({ sends: 1, epoch: epoch + 1 });
    pacer.onIgnored(now(), pacer.epoch);
    expect(await take()).toMatchObject({ sends: 1 });
    pacer.onSuccess(now(), pacer.epoch);
    expect(pacer.closed).toBe(false);
  });

  it('does not take what was sent before for its own', async () => {
    const { opened, goAway, pacer, now } = setUp();
    await opened();
    const { epoch } = pacer;
    await goAway();
    expect(pacer.epoch).toBe(epoch + 1);
    pacer.onThrottled(now(), { epoch, closedFor: SECOND });
    // Nothing may be sent all the same.
    expect([pacer.closed, pacer.closedUntil]).toEqual([true, now() + SECOND]);
  });

  it('a question that is not answered in time is answered by itself', async () => {
    const { opened, answering, clock, now, pacer } = setUp();
    await opened();
    let grant: Grant | undefined;
    await answering('never', () => {
      void Promise.resolve(pacer.acquire(now(), 1)).then((given) => {
        grant = given;
      });
    });
    await clock.advance(499);
    expect(grant).toBeUndefined();
    await clock.advance(1);
    expect(grant).toBeDefined();
  });

  it('asks Redis once a second, when something is wanted', async () => {
    const { opened, goAway, take, clock, questions, answering } = setUp();
    await opened();
    await goAway();
    questions.splice(0);
    await clock.advance(60 * SECOND);
    expect(questions).toEqual([]);
    await answering(new Error('gone'), () => take());
    expect(questions).toHaveLength(1);
    for (let i = 0; i < 50; i += 1) {
      await take();
      await clock.advance(100);
    }
    expect(questions.length).toBeGreaterThanOrEqual(5);
    expect(questions.length).toBeLessThanOrEqual(6);
  });
});

describe('when Redis is back', () => {
  async function back() {
    const all = setUp();
    await all.opened();
    await all.goAway();
    return all;
  }

  it('who waits may ask', async () => {
    const { answering, take, clock, changed, link } = await back();
    await clock.advance(SECOND);
    changed.mockClear();
    await answering({}, () => take());
    expect([link.mode, changed.mock.calls.length]).toEqual(['shared', 1]);
  });

  it('leave is Redis’s again, and of a new epoch', async () => {
    const { answering, take, clock, pacer, questions } = await back();
    await clock.advance(SECOND);
    await answering({}, () => take());
    const { epoch } = pacer;
    const grant = await answering({ sends: 2, interval: 7 }, () => take(2));
    expect(grant).toMatchObject({ sends: 2, interval: 7, epoch: epoch + 1 });
    expect(questions.at(-1)).toMatchObject({ wanted: 2, closedFor: -1, refusalEpoch: -1 });
  });

  it('it is told of the closing that it missed', async () => {
    const { answering, take, clock, pacer, now, questions } = await back();
    pacer.onThrottled(now(), { epoch: pacer.epoch, closedFor: 9 * SECOND });
    await clock.advance(SECOND);
    await answering({}, () => take());
    questions.splice(0);
    const grant = await answering({}, () => take());
    expect(questions[0]).toMatchObject({ closedFor: 8 * SECOND, refusalEpoch: -1 });
    expect(grant).toMatchObject({ sends: 0, at: now() + 8 * SECOND });
  });

  it('it is told the rate of all that it said last, in case that it has forgotten', async () => {
    const { answering, take, clock, questions } = await back();
    await clock.advance(SECOND);
    await answering({}, () => take());
    expect(questions.at(-1)).toMatchObject({ rate: 50, closing: 0, wanted: 0 });
  });

  it('it is not told of what passed while it was away', async () => {
    const { answering, take, clock, pacer, now, questions } = await back();
    for (let i = 0; i < 5; i += 1) pacer.onSuccess(now(), pacer.epoch);
    await clock.advance(SECOND);
    await answering({}, () => take());
    await answering({}, () => take());
    expect(questions.at(-1)).toMatchObject({ passed: 0, epoch: -1 });
  });

  it('what comes of sends of the time between does no harm', async () => {
    const { answering, take, clock, pacer, now, questions } = await back();
    const { epoch } = pacer;
    await clock.advance(SECOND);
    await answering({}, () => take());
    await answering({}, () => take());
    pacer.onSuccess(now(), epoch);
    pacer.onIgnored(now(), epoch);
    await answering({}, () => take());
    expect(questions.at(-1)).toMatchObject({ passed: 0, lost: 0 });
    await answering({}, () => pacer.onThrottled(now(), { epoch, closedFor: SECOND }));
    expect(questions.at(-1)).toMatchObject({ refusalEpoch: -1 });
  });
});

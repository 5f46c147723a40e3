import { RedisConnection } from '../../src/redis/connection.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const TIMEOUT = 500;
const AGAIN = 1_000;
const ANSWER = ['7', '0', '0', '1', '0', '20', '50'];
const REPLY = { epoch: 7, closedFor: 0, closed: false, sends: 1, delay: 0, interval: 20, rate: 50 };

/** A question that Redis was asked, to be answered by a test. */
interface Asked {
  readonly key: string;
  readonly args: readonly string[];
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

function setUp(timeout = TIMEOUT) {
  const clock = stubClock(START);
  const alarms = new MonotonicTimers(clock, () => {});
  const asked: Asked[] = [];
  const run = jest.fn((key: string, args: readonly string[]): Promise<unknown> => {
    return new Promise((resolve, reject) => asked.push({ key, args, resolve, reject }));
  });
  const onError = jest.fn();
  const link = new RedisConnection(run, timeout, onError);
  /** Asks, and tells what it is answered once it is. */
  function ask(key = 'k') {
    const seen: { at?: number; reply?: unknown } = {};
    void link.run(key, ['a', 'b'], alarms).then((reply) => {
      Object.assign(seen, { at: clock.now() - START, reply });
    });
    return seen;
  }
  /** Redis goes away: one question is answered with an error. */
  async function goAway(): Promise<void> {
    run.mockRejectedValueOnce(new Error('gone'));
    ask();
    await clock.advance(0);
    onError.mockClear();
    run.mockClear();
  }
  return { clock, link, run, asked, onError, ask, goAway };
}

describe('a link to Redis that answers', () => {
  it('passes on the question and the answer', async () => {
    const { asked, ask, clock, link, onError } = setUp();
    const seen = ask('key');
    expect(asked).toMatchObject([{ key: 'key', args: ['a', 'b'] }]);
    asked[0]?.resolve(ANSWER);
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, reply: REPLY });
    expect([link.mode, onError.mock.calls]).toEqual(['shared', []]);
    expect(clock.timers.size).toBe(0);
  });

  it('has as much time as it may take', async () => {
    const { asked, ask, clock, link } = setUp();
    const seen = ask();
    await clock.advance(TIMEOUT - 1);
    expect(seen).toEqual({});
    asked[0]?.resolve(ANSWER);
    await clock.advance(AGAIN);
    expect(seen).toEqual({ at: TIMEOUT - 1, reply: REPLY });
    expect(link.mode).toBe('shared');
  });

  it('is asked as much at a time as there is to ask', async () => {
    const { asked, ask, clock } = setUp();
    const all = [ask('a'), ask('b'), ask('c')];
    for (const one of asked) one.resolve(ANSWER);
    await clock.advance(0);
    expect(all.map(({ reply }) => reply)).toEqual([REPLY, REPLY, REPLY]);
  });

  it('is listened to where the answer is there, and this process was too busy to read it in time', async () => {
    const { clock, link, run, ask } = setUp();
    // Timers of a busy process run before what has come by the network is read.
    run.mockImplementation(
      () => new Promise((resolve) => clock.setTimeout(() => resolve(ANSWER), TIMEOUT)),
    );
    const seen = ask();
    await clock.advance(TIMEOUT);
    expect(seen.reply).toEqual(REPLY);
    expect(link.mode).toBe('shared');
  });
});

describe('a link takes Redis for away', () => {
  it('when it has not answered in time', async () => {
    const { ask, clock, link, onError } = setUp();
    const seen = ask();
    await clock.advance(TIMEOUT - 1);
    expect(link.mode).toBe('shared');
    await clock.advance(1);
    expect(seen).toEqual({ at: TIMEOUT, reply: undefined });
    expect('reply' in seen).toBe(true);
    expect(link.mode).toBe('local');
    const late = 'axios-status-retry: Redis did not answer within 500 ms';
    expect(onError.mock.calls).toEqual([[new Error(late)]]);
  });

  it.each([1, 20, 10_000])('when it has not answered within the %d ms given', async (timeout) => {
    const { ask, clock, link } = setUp(timeout);
    const seen = ask();
    await clock.advance(timeout - 1);
    expect(link.mode).toBe('shared');
    await clock.advance(1);
    expect([seen.at, link.mode]).toEqual([timeout, 'local']);
  });

  it('when it answers with an error', async () => {
    const { asked, ask, clock, link, onError } = setUp();
    const seen = ask();
    const gone = new Error('Connection is closed.');
    asked[0]?.reject(gone);
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, reply: undefined });
    expect([link.mode, onError.mock.calls]).toEqual(['local', [[gone]]]);
    expect(clock.timers.size).toBe(0);
  });

  it('when the client throws', async () => {
    const { ask, clock, link, run, onError } = setUp();
    const closed = new Error('The client is closed');
    run.mockImplementation(() => {
      throw closed;
    });
    const seen = ask();
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, reply: undefined });
    expect([link.mode, onError.mock.calls]).toEqual(['local', [[closed]]]);
  });

  it.each([undefined, null, 'OK', [], ['x'], {}])('when it answers %p', async (answer) => {
    const { asked, ask, clock, link, onError } = setUp();
    const seen = ask();
    asked[0]?.resolve(answer);
    await clock.advance(0);
    expect([seen.reply, link.mode]).toEqual([undefined, 'local']);
    expect(onError.mock.calls).toEqual([[expect.any(Error)]]);
  });

  it('and tells of it once, however many have asked', async () => {
    const { asked, ask, clock, onError } = setUp();
    const all = Array.from({ length: 100 }, () => ask());
    asked[0]?.reject(new Error('gone'));
    await clock.advance(TIMEOUT);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(all.every((seen) => 'reply' in seen)).toBe(true);
    await clock.advance(60 * AGAIN);
    ask();
    await clock.advance(TIMEOUT);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('and what onError throws reaches no request', async () => {
    const { ask, asked, clock, onError, link } = setUp();
    const tasks = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    onError.mockImplementation(() => {
      throw new Error('mine');
    });
    const seen = ask();
    asked[0]?.reject(new Error('gone'));
    await clock.advance(0);
    expect([seen.at, link.mode]).toEqual([0, 'local']);
    expect(onError).not.toHaveBeenCalled();
    const [task] = tasks.mock.calls[0] ?? [];
    expect(task).toThrow('mine');
  });
});

describe('a link to Redis that is away', () => {
  it('answers at once that it is, and does not ask', async () => {
    const { ask, clock, goAway, run } = setUp();
    await goAway();
    await clock.advance(AGAIN - 1);
    const seen = ask();
    await clock.advance(0);
    expect(seen).toEqual({ at: AGAIN - 1, reply: undefined });
    expect(run).not.toHaveBeenCalled();
  });

  it('asks again after a second, by one question at a time', async () => {
    const { ask, clock, goAway, run } = setUp();
    await goAway();
    await clock.advance(AGAIN);
    const all = Array.from({ length: 10 }, () => ask());
    await clock.advance(0);
    expect(run).toHaveBeenCalledTimes(1);
    expect(all.filter((seen) => 'reply' in seen)).toHaveLength(9);
    await clock.advance(TIMEOUT);
    expect(all.filter((seen) => 'reply' in seen)).toHaveLength(10);
  });

  it('asks once a second for as long as it is answered with errors', async () => {
    const { ask, clock, goAway, run, onError } = setUp();
    await goAway();
    run.mockRejectedValue(new Error('gone'));
    for (let i = 0; i < 100; i += 1) {
      ask();
      await clock.advance(100);
    }
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(run.mock.calls.length).toBeLessThanOrEqual(10);
    expect(onError).not.toHaveBeenCalled();
  });

  it('does not pile up questions that are never answered', async () => {
    const { ask, clock, goAway, run } = setUp();
    await goAway();
    for (let i = 0; i < 100; i += 1) {
      ask();
      await clock.advance(100);
    }
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('asks one at a time also while an answer from before is still to come', async () => {
    const { ask, asked, clock, run } = setUp();
    ask();
    await clock.advance(TIMEOUT + AGAIN);
    ask();
    expect(run).toHaveBeenCalledTimes(2);
    asked[0]?.resolve(ANSWER);
    await clock.advance(1);
    ask();
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('is shared again from when it has answered, and tells of the next time that it is not', async () => {
    const { ask, asked, clock, goAway, link, onError } = setUp();
    await goAway();
    await clock.advance(AGAIN);
    const seen = ask();
    asked.at(-1)?.resolve(ANSWER);
    await clock.advance(0);
    expect([seen.reply, link.mode]).toEqual([REPLY, 'shared']);
    expect(onError).not.toHaveBeenCalled();
    ask();
    const again = new Error('gone again');
    asked.at(-1)?.reject(again);
    await clock.advance(0);
    expect([link.mode, onError.mock.calls]).toEqual(['local', [[again]]]);
  });

  it('is not harmed by an answer that comes late', async () => {
    const { ask, asked, clock, link, onError } = setUp();
    const seen = [ask(), ask()];
    await clock.advance(TIMEOUT + 100);
    asked[0]?.resolve(ANSWER);
    asked[1]?.reject(new Error('too late'));
    await clock.advance(0);
    expect(seen.map(({ reply }) => reply)).toEqual([undefined, undefined]);
    expect(link.mode).toBe('local');
    expect(onError).toHaveBeenCalledTimes(1);
    await clock.advance(AGAIN);
    const next = ask();
    asked[2]?.resolve(ANSWER);
    await clock.advance(0);
    expect([next.reply, link.mode]).toEqual([REPLY, 'shared']);
  });

  it('holds no timer', async () => {
    const { ask, clock, goAway } = setUp();
    await goAway();
    await clock.advance(AGAIN);
    ask();
    await clock.advance(TIMEOUT);
    expect(clock.timers.size).toBe(0);
  });
});

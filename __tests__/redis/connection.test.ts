import { RedisConnection, RedisKey } from '../../src/redis/connection.js';
import { MonotonicTimers } from '../../src/wait/monotonic-timers.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);
const TIMEOUT = 500;
const RETRY_INTERVAL = 1_000;
/** A failure this long after the one before it is reported. */
const QUIET = 10_001;
const REPLY = ['7', '0', '0', '1', '0', '20', '50', '32', '1', '-1', '9', '4', '0'];
const RESULT = {
  epoch: 7,
  closedFor: 0,
  closed: false,
  sends: 1,
  delay: 0,
  interval: 20,
  rate: 50,
  lot: 32,
  share: 1,
  units: Infinity,
  createdAt: 9,
  version: 4,
  quotaClosedFor: 0,
  quotas: [],
};

/** A run of the script, to be answered by a test. */
interface Run {
  readonly key: string;
  readonly args: readonly string[];
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

function setUp(timeout = TIMEOUT) {
  const clock = stubClock(START);
  const timers = new MonotonicTimers(clock, () => {});
  const runs: Run[] = [];
  const runScript = jest.fn((key: string, args: readonly string[]): Promise<unknown> => {
    return new Promise((resolve, reject) => runs.push({ key, args, resolve, reject }));
  });
  const onError = jest.fn();
  const listener = { begin: jest.fn() };
  const connection = new RedisConnection(runScript, timeout, onError, listener as never);
  const keys = new Map<string, RedisKey>();
  function keyOf(name: string): RedisKey {
    const key = keys.get(name) ?? new RedisKey(name, connection, timers);
    keys.set(name, key);
    return key;
  }
  /** Runs the script, and records the result and its time. */
  function run(name = 'k') {
    const seen: { at?: number; result?: unknown } = {};
    void keyOf(name)
      .run(['a', 'b'])
      .then((result) => {
        Object.assign(seen, { at: clock.now() - START, result });
      });
    return seen;
  }
  /** One run fails: by default Redis becomes unavailable for every key. */
  async function fail(message = 'gone', name = 'k'): Promise<void> {
    runScript.mockRejectedValueOnce(new Error(message));
    run(name);
    await clock.advance(0);
    onError.mockClear();
    runScript.mockClear();
  }
  return { clock, connection, listener, runScript, runs, onError, run, fail, keyOf };
}

describe('a connection to a Redis that answers', () => {
  it('passes on the arguments and the result', async () => {
    const { runs, run, clock, connection, onError } = setUp();
    const seen = run('key');
    expect(runs).toMatchObject([{ key: 'key', args: ['a', 'b'] }]);
    runs[0]?.resolve(REPLY);
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, result: RESULT });
    expect([connection.mode, onError.mock.calls]).toEqual(['shared', []]);
    expect(clock.timers.size).toBe(0);
  });

  it('begins to listen once it has answered', async () => {
    const { runs, run, clock, listener } = setUp();
    run();
    await clock.advance(0);
    expect(listener.begin).not.toHaveBeenCalled();
    runs[0]?.resolve(REPLY);
    await clock.advance(0);
    expect(listener.begin).toHaveBeenCalled();
  });

  it('knows how long it takes to answer, the last answer a fifth', async () => {
    const { runs, run, clock, connection } = setUp();
    for (const latency of [100, 100, 200]) {
      run();
      await clock.advance(latency);
      runs.at(-1)?.resolve(REPLY);
      await clock.advance(0);
    }
    expect(connection.latency).toBe(120);
  });

  it('waits until the time-out', async () => {
    const { runs, run, clock, connection } = setUp();
    const seen = run();
    await clock.advance(TIMEOUT - 1);
    expect(seen).toEqual({});
    runs[0]?.resolve(REPLY);
    await clock.advance(RETRY_INTERVAL);
    expect(seen).toEqual({ at: TIMEOUT - 1, result: RESULT });
    expect(connection.mode).toBe('shared');
  });

  it('runs the script for many callers at a time', async () => {
    const { runs, run, clock } = setUp();
    const all = [run('a'), run('b'), run('c')];
    for (const one of runs) one.resolve(REPLY);
    await clock.advance(0);
    expect(all.map(({ result }) => result)).toEqual([RESULT, RESULT, RESULT]);
  });

  it('reads a reply that arrived in time while this process was busy', async () => {
    const { clock, connection, runScript, run } = setUp();
    // In a busy process, timers run before data from the network is read.
    runScript.mockImplementation(
      () => new Promise((resolve) => clock.setTimeout(() => resolve(REPLY), TIMEOUT)),
    );
    const seen = run();
    await clock.advance(TIMEOUT);
    expect(seen.result).toEqual(RESULT);
    expect(connection.mode).toBe('shared');
  });
});

describe('a connection takes Redis for unavailable', () => {
  it('when it does not answer in time', async () => {
    const { run, clock, connection, onError } = setUp();
    const seen = run();
    await clock.advance(TIMEOUT - 1);
    expect(connection.mode).toBe('shared');
    await clock.advance(1);
    expect(seen).toEqual({ at: TIMEOUT, result: undefined });
    expect('result' in seen).toBe(true);
    expect(connection.mode).toBe('local');
    const late =
      'axios-status-retry: Redis did not answer within 500 ms; see axios-status-retry/errors.md#redis-unavailable';
    expect(onError.mock.calls).toEqual([[new Error(late)]]);
  });

  it.each([1, 20, 10_000])('when it does not answer within the given %d ms', async (timeout) => {
    const { run, clock, connection } = setUp(timeout);
    const seen = run();
    await clock.advance(timeout - 1);
    expect(connection.mode).toBe('shared');
    await clock.advance(1);
    expect([seen.at, connection.mode]).toEqual([timeout, 'local']);
  });

  it('when it answers with an error', async () => {
    const { runs, run, clock, connection, onError } = setUp();
    const seen = run();
    const gone = new Error('Connection is closed.');
    runs[0]?.reject(gone);
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, result: undefined });
    expect([connection.mode, onError.mock.calls]).toEqual(['local', [[gone]]]);
    expect(clock.timers.size).toBe(0);
  });

  it('when the client throws', async () => {
    const { run, clock, connection, runScript, onError } = setUp();
    const closed = new Error('The client is closed');
    runScript.mockImplementation(() => {
      throw closed;
    });
    const seen = run();
    await clock.advance(0);
    expect(seen).toEqual({ at: 0, result: undefined });
    expect([connection.mode, onError.mock.calls]).toEqual(['local', [[closed]]]);
  });

  it.each([undefined, null, 'OK', [], ['x'], {}])('when it answers %p', async (reply) => {
    const { runs, run, clock, connection, onError } = setUp();
    const seen = run();
    runs[0]?.resolve(reply);
    await clock.advance(0);
    expect([seen.result, connection.mode]).toEqual([undefined, 'local']);
    expect(onError.mock.calls).toEqual([[expect.any(Error)]]);
  });

  it('and reports it once, however many callers there are', async () => {
    const { runs, run, clock, onError } = setUp();
    const all = Array.from({ length: 100 }, () => run());
    runs[0]?.reject(new Error('gone'));
    await clock.advance(TIMEOUT);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(all.every((seen) => 'result' in seen)).toBe(true);
    await clock.advance(60 * RETRY_INTERVAL);
    run();
    await clock.advance(TIMEOUT);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('and an error thrown by onError reaches no request', async () => {
    const { run, runs, clock, onError, connection } = setUp();
    const tasks = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    onError.mockImplementation(() => {
      throw new Error('mine');
    });
    const seen = run();
    runs[0]?.reject(new Error('gone'));
    await clock.advance(0);
    expect([seen.at, connection.mode]).toEqual([0, 'local']);
    expect(onError).not.toHaveBeenCalled();
    const [task] = tasks.mock.calls[0] ?? [];
    expect(task).toThrow('mine');
  });
});

describe('a connection to an unavailable Redis', () => {
  it('returns undefined at once without running the script', async () => {
    const { run, clock, fail, runScript } = setUp();
    await fail();
    await clock.advance(RETRY_INTERVAL - 1);
    const seen = run();
    await clock.advance(0);
    expect(seen).toEqual({ at: RETRY_INTERVAL - 1, result: undefined });
    expect(runScript).not.toHaveBeenCalled();
  });

  it('tries again after a second, with one run at a time', async () => {
    const { run, clock, fail, runScript } = setUp();
    await fail();
    await clock.advance(RETRY_INTERVAL);
    const all = Array.from({ length: 10 }, () => run());
    await clock.advance(0);
    expect(runScript).toHaveBeenCalledTimes(1);
    expect(all.filter((seen) => 'result' in seen)).toHaveLength(9);
    await clock.advance(TIMEOUT);
    expect(all.filter((seen) => 'result' in seen)).toHaveLength(10);
  });

  it('tries once a second while Redis answers with errors', async () => {
    const { run, clock, fail, runScript, onError } = setUp();
    await fail();
    runScript.mockRejectedValue(new Error('gone'));
    for (let i = 0; i < 100; i += 1) {
      run();
      await clock.advance(100);
    }
    expect(runScript.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(runScript.mock.calls.length).toBeLessThanOrEqual(10);
    expect(onError).not.toHaveBeenCalled();
  });

  it('does not pile up runs that are never answered', async () => {
    const { run, clock, fail, runScript } = setUp();
    await fail();
    for (let i = 0; i < 100; i += 1) {
      run();
      await clock.advance(100);
    }
    expect(runScript).toHaveBeenCalledTimes(1);
  });

  it('tries with one run at a time while an earlier reply is outstanding', async () => {
    const { run, runs, clock, runScript } = setUp();
    run();
    await clock.advance(TIMEOUT + RETRY_INTERVAL);
    run();
    expect(runScript).toHaveBeenCalledTimes(2);
    runs[0]?.resolve(REPLY);
    await clock.advance(1);
    run();
    expect(runScript).toHaveBeenCalledTimes(2);
  });

  it('is shared again once Redis has answered, and reports the next failure', async () => {
    const { run, runs, clock, fail, connection, onError } = setUp();
    await fail();
    await clock.advance(RETRY_INTERVAL);
    const seen = run();
    runs.at(-1)?.resolve(REPLY);
    await clock.advance(0);
    expect([seen.result, connection.mode]).toEqual([RESULT, 'shared']);
    expect(onError).not.toHaveBeenCalled();
    await clock.advance(QUIET);
    run();
    const again = new Error('gone again');
    runs.at(-1)?.reject(again);
    await clock.advance(0);
    expect([connection.mode, onError.mock.calls]).toEqual(['local', [[again]]]);
  });

  it('ignores late replies', async () => {
    const { run, runs, clock, connection, onError } = setUp();
    const seen = [run(), run()];
    await clock.advance(TIMEOUT + 100);
    runs[0]?.resolve(REPLY);
    runs[1]?.reject(new Error('too late'));
    await clock.advance(0);
    expect(seen.map(({ result }) => result)).toEqual([undefined, undefined]);
    expect(connection.mode).toBe('local');
    expect(onError).toHaveBeenCalledTimes(1);
    await clock.advance(RETRY_INTERVAL);
    const next = run();
    runs[2]?.resolve(REPLY);
    await clock.advance(0);
    expect([next.result, connection.mode]).toEqual([RESULT, 'shared']);
  });

  it('keeps no timer', async () => {
    const { run, clock, fail } = setUp();
    await fail();
    await clock.advance(RETRY_INTERVAL);
    run();
    await clock.advance(TIMEOUT);
    expect(clock.timers.size).toBe(0);
  });
});

describe('a key that Redis answers with an error', () => {
  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'CLUSTERDOWN Hash slot not served',
    'MOVED 3999 127.0.0.1:6381',
    'OOM command not allowed when used memory > maxmemory',
    "READONLY You can't write against a read only replica.",
    'BUSY Redis is busy running a script.',
    'NOSCRIPT No matching script. Please use EVAL.',
    'ERR unknown command',
  ])('is unavailable by itself: %s', async (message) => {
    const { fail, keyOf } = setUp();
    await fail(message, 'bad');
    expect([keyOf('bad').away, keyOf('good').away]).toEqual([true, false]);
  });

  it.each([
    'Connection is closed.',
    'The client is closed',
    'Socket closed unexpectedly',
    'connect ECONNREFUSED 127.0.0.1:6379',
    'Reached the max retries per request limit (which is 20).',
  ])('unlike one that it does not answer: %s', async (message) => {
    const { fail, keyOf } = setUp();
    await fail(message, 'bad');
    expect([keyOf('bad').away, keyOf('good').away]).toEqual([true, true]);
  });

  it('is tried once a second, reported once, and changes nothing for the others', async () => {
    const { run, clock, runScript, onError, connection } = setUp();
    const runsOf = (name: string) => runScript.mock.calls.filter(([key]) => key === name).length;
    runScript.mockImplementation(async (key) => {
      if (key === 'bad') throw new Error('WRONGTYPE x');
      return REPLY;
    });
    for (let i = 0; i < 300; i += 1) {
      run('bad');
      const seen = run('good');
      await clock.advance(100);
      expect(seen.result).toEqual(RESULT);
    }
    expect(runsOf('good')).toBe(300);
    expect(runsOf('bad')).toBe(30);
    expect([connection.mode, onError.mock.calls]).toEqual(['shared', [[new Error('WRONGTYPE x')]]]);
  });

  it('makes the gate local until Redis has worked for another key', async () => {
    const { fail, run, runs, clock, connection } = setUp();
    await fail('READONLY x', 'a');
    expect(connection.mode).toBe('local');
    run('b');
    runs[0]?.resolve(REPLY);
    await clock.advance(0);
    expect(connection.mode).toBe('shared');
  });

  it('shows that the connection works', async () => {
    const { fail, run, clock, keyOf, runScript } = setUp();
    await fail('Connection is closed.', 'bad');
    await clock.advance(RETRY_INTERVAL);
    runScript.mockRejectedValueOnce(new Error('WRONGTYPE x'));
    run('bad');
    await clock.advance(0);
    expect([keyOf('bad').away, keyOf('good').away]).toEqual([true, false]);
  });
});

describe('a key that alone gets no answer, as its node is lost', () => {
  it('is unavailable by itself as soon as another key has got one', async () => {
    const { run, clock, runScript, onError, keyOf, connection } = setUp();
    runScript.mockImplementation((key) => {
      return key === 'bad'
        ? new Promise((_, reject) => clock.setTimeout(() => reject(new Error('late')), 900))
        : Promise.resolve(REPLY);
    });
    run('bad');
    await clock.advance(TIMEOUT);
    expect([keyOf('good').away, connection.mode]).toEqual([true, 'local']);
    for (let i = 0; i < 300; i += 1) {
      run('bad');
      const seen = run('good');
      await clock.advance(100);
      expect(seen.result).toEqual(RESULT);
    }
    expect([keyOf('bad').away, keyOf('good').away]).toEqual([true, false]);
    expect([connection.mode, onError.mock.calls.length]).toEqual(['shared', 1]);
  });
});

describe('a failure is reported', () => {
  it.each(['Connection is closed.', 'OOM x'])(
    'once while Redis comes and goes: %s',
    async (message) => {
      const { run, clock, runScript, onError } = setUp();
      runScript.mockImplementation(async () => {
        if (Math.floor(clock.now() / 2000) % 2 === 0) throw new Error(message);
        return REPLY;
      });
      for (let i = 0; i < 600; i += 1) {
        run('a');
        await clock.advance(100);
      }
      expect(onError).toHaveBeenCalledTimes(1);
    },
  );

  it('again if there was none for 10 s', async () => {
    const { run, clock, runScript, onError, fail } = setUp();
    await fail();
    await clock.advance(RETRY_INTERVAL);
    runScript.mockResolvedValue(REPLY);
    run();
    await clock.advance(QUIET - RETRY_INTERVAL);
    runScript.mockRejectedValue(new Error('gone again'));
    run();
    await clock.advance(0);
    expect(onError.mock.calls).toEqual([[new Error('gone again')]]);
  });

  it('by each key that has one of its own', async () => {
    const { run, clock, runScript, onError } = setUp();
    runScript.mockImplementation(async (key) => {
      throw new Error(`WRONGTYPE ${key}`);
    });
    for (const name of ['a', 'b', 'a', 'b']) run(name);
    await clock.advance(0);
    expect(onError.mock.calls).toEqual([[new Error('WRONGTYPE a')], [new Error('WRONGTYPE b')]]);
  });
});

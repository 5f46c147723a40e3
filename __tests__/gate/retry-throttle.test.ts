import axios from 'axios';
import type { RetryThrottleOptions } from '../../src/gate/index.js';
import { createRetryThrottle } from '../../src/gate/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { callOf } from '../support/stub-call.js';
import type { Answer } from '../support/stub-server.js';
import { endingOf, StubServer, stubClock } from '../support/stub-server.js';

const FAILURE = { status: 503, retryNumber: 1 };

/** A throttle, and one call of it. */
function throttleOf(options?: RetryThrottleOptions) {
  const throttle = createRetryThrottle(options);
  const call = callOf();
  return {
    fail: () => throttle.withdraw(call, FAILURE),
    succeed: (times = 1) => {
      for (let i = 0; i < times; i += 1) throttle.deposit(call);
    },
  };
}

describe('a retry throttle', () => {
  it('allows retries while more than half of its tokens are left, by default 5 of 10', () => {
    const { fail } = throttleOf();
    expect(Array.from({ length: 6 }, fail)).toEqual([true, true, true, true, false, false]);
  });

  // The steps of the test in gRPC's own core (retry_throttle_test.cc).
  it('counts as gRPC does', () => {
    const { fail, succeed } = throttleOf({ maxTokens: 4, tokenRatio: 1.6 });
    expect(fail()).toBe(true); // 3
    succeed(); // 4, never more
    expect(fail()).toBe(true); // 3
    expect(fail()).toBe(false); // 2
    expect(fail()).toBe(false); // 1
    expect(fail()).toBe(false); // 0
    succeed(); // 1.6
    expect(fail()).toBe(false); // 0.6
    succeed(2); // 3.8
    expect(fail()).toBe(true); // 2.8
  });

  it('holds no less than 0 and needs 10 successes for a failure, without rounding errors', () => {
    const { fail, succeed } = throttleOf();
    for (let i = 0; i < 100; i += 1) fail();
    succeed(60); // 6
    expect(fail()).toBe(false); // 5
    succeed(10); // 6
    expect(fail()).toBe(false); // 5
    succeed(11); // 6.1
    expect(fail()).toBe(true); // 5.1
  });

  it('never holds more than its maximum', () => {
    const { fail, succeed } = throttleOf();
    fail();
    succeed(1000);
    expect(Array.from({ length: 5 }, fail)).toEqual([true, true, true, true, false]);
  });
});

describe('a retry throttle on an instance', () => {
  function setUp(answer: Answer, options: RetryThrottleOptions = {}) {
    const clock = stubClock(0);
    const server = new StubServer(clock, () => answer);
    const api = axios.create({ adapter: server.adapter, baseURL: 'https://api.example' });
    attachRetry(api, { clock, budget: createRetryThrottle(options), backoff: () => 1 });
    async function get(url = '/') {
      const ending = endingOf(url, api.get(url));
      await clock.runAll();
      return ending;
    }
    return { server, get };
  }

  it('ends a request with its outcome and the reason "budget"', async () => {
    const { get, server } = setUp(503);
    const { status, error } = await get();
    expect([status, retryReport(error)?.gaveUp]).toEqual([503, 'budget']);
    expect(server.sent).toHaveLength(5);
    await get();
    expect(server.sent).toHaveLength(6);
  });

  it('counts while it allows no retry, and allows some again after successes', async () => {
    const { get, server } = setUp(503);
    await get();
    await get(); // 4 are left.
    server.answer = () => 200;
    for (let i = 0; i < 21; i += 1) await get(); // 6.1
    const before = server.sent.length;
    server.answer = ({ index }) => (index === before ? 503 : 200);
    expect((await get()).status).toBe(200);
    expect(server.sent).toHaveLength(before + 2);
  });

  it('has a bucket for each origin, or for what the option key returns', async () => {
    for (const [options, isShared] of [
      [{}, false],
      [{ key: () => 'all' }, true],
    ] as const) {
      const { get, server } = setUp(503, options);
      await get();
      const before = server.sent.length;
      await get('https://other.example/');
      expect(server.sent).toHaveLength(before + (isShared ? 1 : 5));
    }
  });

  it('asks for no key while nothing has failed', async () => {
    const key = jest.fn(() => 'all');
    const { get, server } = setUp(200, { key });
    await get();
    expect(key).not.toHaveBeenCalled();
    server.answer = () => 503;
    await get();
    expect(key).toHaveBeenCalledTimes(5);
  });

  it('takes nothing for what is never retried', async () => {
    const { get, server } = setUp(500);
    for (let i = 0; i < 20; i += 1) await get();
    server.answer = () => 503;
    await get();
    expect(server.sent).toHaveLength(25);
  });
});

describe('the options of createRetryThrottle', () => {
  const given = (options: unknown) => () => createRetryThrottle(options as RetryThrottleOptions);

  it.each([
    ['maxTokens', '10', TypeError, 'a finite number above 0'],
    ['tokenRatio', null, TypeError, 'a finite number, 0.001 or more'],
    ['key', 'origin', TypeError, 'a function'],
    ['maxTokens', 0, RangeError, 'a finite number above 0'],
    ['maxTokens', Number.POSITIVE_INFINITY, RangeError, 'a finite number above 0'],
    ['maxTokens', Number.NaN, RangeError, 'a finite number above 0'],
    ['tokenRatio', 0, RangeError, 'a finite number, 0.001 or more'],
    ['tokenRatio', 0.0009, RangeError, 'a finite number, 0.001 or more'],
    ['tokenRatio', Number.POSITIVE_INFINITY, RangeError, 'a finite number, 0.001 or more'],
  ])('reject a wrong %s, %p, with an error that names it', (name, value, ErrorType, takes) => {
    const act = given({ [name]: value });
    expect(act).toThrow(ErrorType);
    expect(act).toThrow(`createRetryThrottle: option "${name}" takes ${takes}; got `);
  });

  it('take the least ratio that is counted', () => {
    const { fail, succeed } = throttleOf({ maxTokens: 2, tokenRatio: 0.001 });
    fail(); // 1
    succeed(1000); // 2
    succeed(1);
    expect(fail()).toBe(false); // 1
    succeed(999); // 1.999
    expect(fail()).toBe(false); // 0.999
  });

  it('reject an unknown name with a TypeError that lists the known ones', () => {
    expect(given({ capacity: 5 })).toThrow(
      /unknown option "capacity"; it takes maxTokens, tokenRatio, key/,
    );
  });
});

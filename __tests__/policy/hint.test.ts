import fc from 'fast-check';
import type { RetryFailure, RetryPolicy } from '../../src/policy/decision.js';
import { decideRetry } from '../../src/policy/decision.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import type { Hint, HintReader, ServerAnswer } from '../../src/policy/hint.js';
import { readHints } from '../../src/policy/hint.js';

const ANSWER: ServerAnswer = { status: 503, headers: {}, receivedAt: 0 };
const says =
  (hint: unknown): HintReader =>
  () =>
    hint as Hint;
const yes = (delay: number, basis: string) => ({ retry: true, delay, basis });
const no = (reason: string) => ({ retry: false, reason });
const retryAfter = (value: string) => ({ headers: { 'Retry-After': value } });

/** The decision about a status, with a reader that says `hint`. */
function decide(
  status: number | undefined,
  hint: Hint | undefined,
  failure: Partial<RetryFailure> = {},
  policy: RetryPolicy = {},
) {
  return decideRetry({ status, retryNumber: 1, ...failure }, { hints: says(hint), ...policy });
}

describe('several readers', () => {
  it('are all asked, with the answer', () => {
    const readers = [jest.fn(says(undefined)), jest.fn(says({ retry: false })), jest.fn(says({}))];
    readHints(readers, ANSWER);
    for (const reader of readers) expect(reader.mock.calls).toEqual([[ANSWER]]);
  });

  it.each<[Hint[], number, boolean | undefined]>([
    [[], -1, undefined],
    [[{}], -1, undefined],
    [[{ delay: 0 }], 0, undefined],
    [[{ delay: 5 }, { delay: 0 }, {}], 5, undefined],
    [[{ delay: 0.5 }, { retry: true }], 0.5, true],
    [[{ retry: true }, {}], -1, true],
    [[{ retry: false }, { retry: true }, { delay: 7 }], 7, false],
    [[{ retry: true }, { retry: false }, { retry: undefined }], -1, false],
    [
      [
        { retry: false, delay: Infinity },
        { retry: true, delay: 1 },
      ],
      Infinity,
      false,
    ],
  ])('of which the longest delay and `retry: false` count: %j', (hints, delay, retry) => {
    expect(readHints(hints.map(says), ANSWER)).toEqual({ delay, retry });
    expect(readHints(hints.map(says).reverse(), ANSWER)).toEqual({ delay, retry });
  });

  it('may say nothing by null as well', () => {
    const readers = [null, { delay: null, retry: null }].map(says);
    expect(readHints(readers, ANSWER)).toEqual({ delay: -1, retry: undefined });
  });
});

describe('a result that is no hint', () => {
  it.each<[string, unknown]>([
    ['a number', 1000],
    ['a text', '1000'],
    ['a boolean', false],
    ['a promise', Promise.resolve({ delay: 1 })],
    ['a function', () => ({})],
    ['a text as the delay', { delay: '1000' }],
    ['a negative delay', { delay: -1 }],
    ['NaN', { delay: Number.NaN }],
    ['a text as the verdict', { retry: 'false' }],
    ['a number as the verdict', { delay: 1, retry: 0 }],
  ])('is a TypeError that names the option: %s', (_kind, hint) => {
    const reading = () => readHints(says(hint), ANSWER);
    expect(reading).toThrow(TypeError);
    const takes = '{ delay: milliseconds } or { retry: false } or undefined';
    expect(reading).toThrow(
      `axios-status-retry: the result of option "hints" takes ${takes}; got `,
    );
  });

  it('fails a decision, as an error of the reader does', () => {
    expect(() => decide(503, 5 as Hint)).toThrow(/"hints"/);
    const hints = () => {
      throw new Error('mine');
    };
    expect(() => decideRetry({ status: 503, retryNumber: 1 }, { hints })).toThrow('mine');
  });
});

describe('a hinted delay', () => {
  it('counts as a Retry-After does', () => {
    expect(decide(429, { delay: 1500 })).toEqual(yes(1500, 'retry-after'));
    expect(decide(529, { delay: 1500 })).toEqual(yes(1500, 'retry-after'));
    expect(decide(429, { delay: 0 })).toEqual(yes(0, 'retry-after'));
    expect(decide(503, { delay: 1500 })).toEqual(yes(8000, 'backoff'));
    expect(decide(503, { delay: 9000 })).toEqual(yes(9000, 'retry-after'));
    expect(decide(503, { delay: 8000 })).toEqual(yes(8000, 'backoff'));
  });

  it('never shortens a Retry-After, nor is it shortened by one', () => {
    expect(decide(429, { delay: 1500 }, retryAfter('2'))).toEqual(yes(2000, 'retry-after'));
    expect(decide(429, { delay: 2500 }, retryAfter('2'))).toEqual(yes(2500, 'retry-after'));
    expect(decide(429, { delay: 2500 }, retryAfter('soon'))).toEqual(yes(2500, 'retry-after'));
    expect(decide(429, { delay: 0 }, retryAfter('0'))).toEqual(yes(0, 'retry-after'));
  });

  it('alone does not retry a status that the table does not', () => {
    expect(decide(403, { delay: 1500 })).toEqual(no('status'));
    expect(decide(418, { delay: 1500 })).toEqual(no('status'));
  });

  it('that is absent leaves everything as it is', () => {
    expect(decide(429, {})).toEqual(no('no-retry-after'));
    expect(decide(429, undefined)).toEqual(no('no-retry-after'));
    expect(decide(503, undefined)).toEqual(yes(8000, 'backoff'));
  });

  it('stays within the limits', () => {
    expect(decide(429, { delay: 1001 }, {}, { maxDelay: 1000 })).toEqual(no('max-delay'));
    expect(decide(429, { delay: 1001 }, {}, { maxElapsed: 1000 })).toEqual(no('max-elapsed'));
    expect(decide(429, { delay: 1001 }, {}, { totalTimeout: 1000 })).toEqual(no('total-timeout'));
    expect(decide(429, { delay: Infinity })).toEqual(no('max-delay'));
  });
});

describe('`retry: false`', () => {
  it('ends the call for a status that the table retries', () => {
    for (const status of [429, 502, 503, 504, 529]) {
      expect(decide(status, { retry: false, delay: 5 })).toEqual(no('hint'));
    }
  });

  it('keeps the reason of a status that the table does not retry', () => {
    expect(decide(404, { retry: false })).toEqual(no('status'));
    expect(decide(403, { retry: false })).toEqual(no('status'));
  });

  it('stands before the method and the limits', () => {
    expect(decide(503, { retry: false }, {}, { methods: ['PUT'] })).toEqual(no('hint'));
    expect(decide(429, { retry: false }, {}, { maxRetries: 0 })).toEqual(no('hint'));
  });
});

describe('`retry: true`', () => {
  it.each([403, 409, 418, 500])('retries a %i, after the backoff', (status) => {
    expect(decide(status, { retry: true })).toEqual(yes(8000, 'backoff'));
    expect(decide(status, { retry: true }, { retryNumber: 2 })).toEqual(yes(64_000, 'backoff'));
  });

  it('retries it after the delay or Retry-After, where there is one', () => {
    expect(decide(409, { retry: true, delay: 5 })).toEqual(yes(5, 'retry-after'));
    expect(decide(409, { retry: true }, retryAfter('1'))).toEqual(yes(1000, 'retry-after'));
  });

  it('retries a 429 without a Retry-After', () => {
    expect(decide(429, { retry: true })).toEqual(yes(8000, 'backoff'));
    expect(decide(429, { retry: true }, retryAfter('1'))).toEqual(yes(1000, 'retry-after'));
  });

  it('does not shorten the backoff of a row that has one', () => {
    expect(decide(503, { retry: true, delay: 5 })).toEqual(yes(8000, 'backoff'));
  });

  it('uses the backoff and the count of the row', () => {
    const table = defineStatusTable([
      { code: 409, retry: 'never', maxRetries: 1, backoff: () => 7 },
    ]);
    expect(decide(409, { retry: true }, {}, { table })).toEqual(yes(7, 'backoff'));
    expect(decide(409, { retry: true }, { retryNumber: 2 }, { table })).toEqual(no('max-retries'));
  });

  it('stays within the method, the limits and the body', () => {
    expect(decide(409, { retry: true }, {}, { methods: ['PUT'] })).toEqual(no('method'));
    expect(decide(409, { retry: true }, {}, { maxRetries: 0 })).toEqual(no('max-retries'));
    expect(decide(409, { retry: true }, {}, { maxDelay: 7999 })).toEqual(no('max-delay'));
    expect(decide(409, { retry: true }, {}, { maxElapsed: 7999 })).toEqual(no('max-elapsed'));
    expect(decide(409, { retry: true }, {}, { totalTimeout: 7999 })).toEqual(no('total-timeout'));
    expect(decide(409, { retry: true }, { oneShotBody: true })).toEqual(no('body'));
  });
});

describe('readers are not asked', () => {
  const notAsked: HintReader = () => {
    throw new Error('asked');
  };
  const policy = { hints: notAsked, networkErrors: true };

  it('about a success', () => {
    for (const status of [200, 204, 299]) {
      expect(decideRetry({ status, retryNumber: 1 }, policy)).toEqual(no('status'));
    }
  });

  it('but are asked about the statuses beside those', () => {
    for (const status of [199, 300]) {
      expect(() => decideRetry({ status, retryNumber: 1 }, policy)).toThrow('asked');
    }
  });

  it('about an error without a response, or a response that was cut off', () => {
    for (const status of [undefined, 200]) {
      const failure = { status, code: 'ECONNRESET', retryNumber: 1 };
      expect(decideRetry(failure, policy)).toEqual(yes(8000, 'backoff'));
    }
  });
});

describe('the answer that readers get in decideRetry', () => {
  it('is that of the failure', () => {
    const hints = jest.fn(says(undefined));
    const [headers, data] = [{ a: '1' }, { error: 'no' }];
    decideRetry({ status: 503, headers, data, receivedAt: 7, retryNumber: 1 }, { hints });
    const [answer] = hints.mock.calls[0] as unknown as [ServerAnswer];
    expect(answer).toMatchObject({ status: 503, receivedAt: 7 });
    expect(answer.headers).toBe(headers);
    expect(answer.data).toBe(data);
  });

  it('has headers and a time where the failure has none', () => {
    const hints = jest.fn(says(undefined));
    jest.spyOn(Date, 'now').mockReturnValue(42);
    decideRetry({ status: 503, retryNumber: 1 }, { hints });
    expect(hints.mock.calls[0]).toMatchObject([{ status: 503, headers: {}, receivedAt: 42 }]);
  });
});

describe('whatever readers say', () => {
  const hint = fc.record(
    { delay: fc.integer({ min: 0, max: 1e6 }), retry: fc.boolean() },
    { requiredKeys: [] },
  );
  const cases = fc.record({
    hints: fc.array(hint, { maxLength: 3 }),
    status: fc.constantFrom(403, 429, 500, 502, 503, 529),
    seconds: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
  });

  it('a wait is the longest of Retry-After, the hints and a backoff that counts', () => {
    fc.assert(
      fc.property(cases, ({ hints, status, seconds }) => {
        const decision = decideRetry(
          {
            status,
            retryNumber: 1,
            headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
          },
          { hints: hints.map(says), backoff: () => 300_000, maxDelay: Infinity },
        );
        const retries = hints.flatMap(({ retry = [] }) => retry);
        const delays = hints.flatMap(({ delay = [] }) => delay);
        const asked = [...delays, ...(seconds === undefined ? [] : [seconds * 1000])];
        const isRetried = status >= 429 && status !== 500;
        if (retries.includes(false)) return !decision.retry;
        if (!isRetried && !retries.includes(true)) return !decision.retry;
        const needsAny = status === 429 && !retries.includes(true);
        if (needsAny && asked.length === 0) return !decision.retry;
        const backedOff = [502, 503].includes(status) || asked.length === 0 ? [300_000] : [];
        return decision.retry && decision.delay === Math.max(...asked, ...backedOff);
      }),
    );
  });
});

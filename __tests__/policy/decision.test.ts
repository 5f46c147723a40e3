import { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import { readAttachOptions } from '../../src/core/options.js';
import type { Backoff } from '../../src/policy/backoff.js';
import type {
  DelayBasis,
  GiveUpReason,
  RetryDecision,
  RetryFailure,
  RetryPolicy,
} from '../../src/policy/decision.js';
import { decideRetry, evaluate, retryAfterOf } from '../../src/policy/decision.js';
import type { StatusRowInput } from '../../src/policy/define-status-table.js';
import { defineStatusTable } from '../../src/policy/define-status-table.js';
import { platformStatusTable } from '../../src/policy/platform-status-table.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 60 * 60 * 1000;

const yes = (delay: number, basis: DelayBasis): RetryDecision => ({ retry: true, delay, basis });
const no = (reason: GiveUpReason): RetryDecision => ({ retry: false, reason });
const retryAfterIs = (value: unknown): object => ({ 'Retry-After': value });
const httpDate = (time: number): string => new Date(time).toUTCString();

// Copied by hand from the platform's page: seconds before retry 1, 2, …
const SCHEDULE = [8, 64, 512, 4096, 32_768];
const RETRY_NUMBERS = [1, 2, 3, 4, 5, 6];
const RETRY_AFTERS: [words: string, headers: object, seconds: number | undefined][] = [
  ['no Retry-After', {}, undefined],
  ['an invalid Retry-After', retryAfterIs('soon'), undefined],
  ['a negative Retry-After', retryAfterIs('-5'), undefined],
  ['an empty Retry-After', retryAfterIs(''), undefined],
  ['Retry-After: 0', retryAfterIs('0'), 0],
  ['Retry-After: 7', retryAfterIs('7'), 7],
  ['Retry-After: 100', retryAfterIs('100'), 100],
  ['Retry-After: 40000', retryAfterIs('40000'), 40_000],
  ['a Retry-After date in 600 s', retryAfterIs(httpDate(NOW + 600_000)), 600],
];
const cases = RETRY_AFTERS.flatMap(([words, headers, seconds]) =>
  RETRY_NUMBERS.map((retryNumber) => ({ words, headers, seconds, retryNumber })),
);

describe.each([200, 202, 204, 400, 401, 403, 405, 409, 500])('%d', (status) => {
  it.each(cases)('is never retried: $words, retry $retryNumber', ({ headers, retryNumber }) => {
    expect(decideRetry({ status, headers, retryNumber, receivedAt: NOW })).toEqual(no('status'));
  });
});

describe('429', () => {
  it.each(cases)('with $words, retry $retryNumber', ({ headers, seconds, retryNumber }) => {
    const decision = decideRetry({ status: 429, headers, retryNumber, receivedAt: NOW });
    if (seconds === undefined) expect(decision).toEqual(no('no-retry-after'));
    else if (retryNumber > 5) expect(decision).toEqual(no('max-retries'));
    else expect(decision).toEqual(yes(seconds * 1000, 'retry-after'));
  });
});

describe.each([502, 503, 504])('%d', (status) => {
  it.each(cases)('with $words, retry $retryNumber', ({ headers, seconds = 0, retryNumber }) => {
    const decision = decideRetry({ status, headers, retryNumber, receivedAt: NOW });
    const backoff = SCHEDULE[retryNumber - 1];
    if (backoff === undefined) expect(decision).toEqual(no('max-retries'));
    else if (seconds > backoff) expect(decision).toEqual(yes(seconds * 1000, 'retry-after'));
    else expect(decision).toEqual(yes(backoff * 1000, 'backoff'));
  });

  it('uses the backoff if both say the same', () => {
    const failure = { status, headers: retryAfterIs('8'), retryNumber: 1 };
    expect(decideRetry(failure)).toEqual(yes(8000, 'backoff'));
  });
});

describe('529', () => {
  it.each(cases)('with $words, retry $retryNumber', ({ headers, seconds, retryNumber }) => {
    const decision = decideRetry({ status: 529, headers, retryNumber, receivedAt: NOW });
    const backoff = SCHEDULE[retryNumber - 1];
    if (backoff === undefined) expect(decision).toEqual(no('max-retries'));
    else if (seconds !== undefined) expect(decision).toEqual(yes(seconds * 1000, 'retry-after'));
    else expect(decision).toEqual(yes(backoff * 1000, 'backoff'));
  });
});

describe('a status missing from the table', () => {
  it('is never retried', () => {
    for (let status = 100; status <= 599; status += 1) {
      if (platformStatusTable.get(status) !== undefined) continue;
      const failure = { status, headers: retryAfterIs('1'), retryNumber: 1 };
      expect(decideRetry(failure)).toEqual(no('status'));
    }
  });

  it('is retried with a table that has it', () => {
    const table = defineStatusTable(
      [
        { code: 425, name: 'Too Early', description: 'Too early.', retry: 'backoff' },
        { code: 503, name: 'Closed', description: 'Closed for good.', retry: 'never' },
      ],
      { extends: platformStatusTable },
    );
    const decide = (status: number) => decideRetry({ status, retryNumber: 1 }, { table });
    expect(decide(425)).toEqual(yes(8000, 'backoff'));
    expect(decide(503)).toEqual(no('status'));
    expect(decide(502)).toEqual(yes(8000, 'backoff'));
  });
});

describe('Retry-After', () => {
  it.each<[string, object]>([
    ['Retry-After', { 'Retry-After': '30' }],
    ['retry-after', { 'retry-after': '30' }],
    ['RETRY-AFTER', { 'X-Other': '1', 'RETRY-AFTER': '30' }],
    ['AxiosHeaders', new AxiosHeaders({ 'rEtRy-AfTeR': '30' })],
    ["fetch's Headers", new Headers({ 'Retry-After': '30' })],
    ['an array', { 'Retry-After': ['30'] }],
    ['an array of two, the largest', { 'Retry-After': ['30', '10'] }],
    ['a list, the largest', { 'Retry-After': '10, 30' }],
    ['a number', { 'Retry-After': 30 }],
    ['raw headers', ['X-Other', 'Retry-After', 'RETRY-AFTER', '30']],
    ['raw headers that repeat it, the largest', ['Retry-After', '10', 'retry-after', '30']],
    ['two spellings, the largest', { 'Retry-After': '10', 'retry-after': '30' }],
    ['an object without a prototype', Object.assign(Object.create(null), retryAfterIs('30'))],
  ])('is found in %s', (_words, headers) => {
    const decision = decideRetry({ status: 429, headers, retryNumber: 1 });
    expect(decision).toEqual(yes(30_000, 'retry-after'));
  });

  it.each<[string, object | undefined]>([
    ['no headers', undefined],
    ['empty headers', {}],
    ['empty AxiosHeaders', new AxiosHeaders()],
    ["fetch's empty Headers", new Headers()],
    ['other headers', { 'X-Retry-After': '30', Retry: '30' }],
    ['raw headers with other names', ['X-Other', 'retry-after', 'Retry', '30', '30']],
    ['raw headers with an invalid one', ['Retry-After', '30', 'Retry-After', 'soon']],
    ['an array with an invalid member', retryAfterIs(['30', 'soon'])],
    ['undefined', retryAfterIs(undefined)],
    ['null', retryAfterIs(null)],
    ['false, as AxiosHeaders stores a removed header', new AxiosHeaders({ 'Retry-After': false })],
  ])('is absent with %s', (_words, headers) => {
    expect(decideRetry({ status: 429, headers, retryNumber: 1 })).toEqual(no('no-retry-after'));
  });

  it.each<[string, object]>([
    ['a plain object', { Date: httpDate(NOW - 5000), ...retryAfterIs(httpDate(NOW + 10_000)) }],
    [
      "fetch's Headers",
      new Headers({ date: httpDate(NOW - 5000), 'retry-after': httpDate(NOW + 10_000) }),
    ],
    [
      'raw headers',
      ['Date', httpDate(NOW - 5000), 'Retry-After', httpDate(NOW + 10_000), 'Via', 'a'],
    ],
  ])("with a date is corrected by the response's own Date: %s", (_words, headers) => {
    const failure = { status: 429, headers, retryNumber: 1, receivedAt: NOW };
    expect(decideRetry(failure)).toEqual(yes(15_000, 'retry-after'));
  });

  it('with a date is measured from the time of receipt if the response has an Age', () => {
    const headers = {
      age: '5',
      date: httpDate(NOW - 5000),
      'retry-after': httpDate(NOW + 10_000),
    };
    const failure = { status: 429, headers, retryNumber: 1, receivedAt: NOW };
    expect(decideRetry(failure)).toEqual(yes(10_000, 'retry-after'));
  });

  it('with a date counts from now if no time of receipt is given', () => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const failure = { status: 429, headers: retryAfterIs(httpDate(NOW + 9000)), retryNumber: 1 };
    expect(decideRetry(failure)).toEqual(yes(9000, 'retry-after'));
  });

  it('in the past is valid and means no wait', () => {
    const headers = retryAfterIs(httpDate(NOW - DAY));
    const failure = { status: 429, headers, retryNumber: 1, receivedAt: NOW };
    expect(decideRetry(failure)).toEqual(yes(0, 'retry-after'));
  });

  it('over a limit is given up, never shortened', () => {
    const failure = { status: 429, headers: retryAfterIs('61'), retryNumber: 1 };
    expect(decideRetry(failure, { maxDelay: 61_000 })).toEqual(yes(61_000, 'retry-after'));
    expect(decideRetry(failure, { maxDelay: 60_999 })).toEqual(no('max-delay'));
  });

  it('of any length is respected without a limit', () => {
    const failure = { status: 429, headers: retryAfterIs('9'.repeat(40)), retryNumber: 1 };
    const forever = { maxDelay: Number.POSITIVE_INFINITY };
    expect(decideRetry(failure, forever)).toEqual(yes(Number.MAX_SAFE_INTEGER, 'retry-after'));
    expect(decideRetry(failure)).toEqual(no('max-delay'));
  });

  it('is a minimum even if the response was truncated', () => {
    const decide = (seconds: string) => {
      const failure = { status: 200, code: 'ECONNRESET', headers: retryAfterIs(seconds) };
      return decideRetry({ ...failure, retryNumber: 1 }, { networkErrors: true });
    };
    expect(decide('120')).toEqual(yes(120_000, 'retry-after'));
    expect(decide('2')).toEqual(yes(8000, 'backoff'));
  });

  it('is a minimum, whatever the status, the backoff and the limits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(429, 502, 503, 504, 529, 200, 404, 500),
        fc.oneof(
          fc.nat(200_000).map(String),
          fc.nat(DAY).map((ms) => httpDate(NOW + ms)),
        ),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(DAY * 2),
        fc.record({
          maxDelay: fc.nat(DAY * 2),
          maxElapsed: fc.nat(DAY * 3),
          maxRetries: fc.nat(6),
        }),
        (status, value, retryNumber, backedOff, limits) => {
          const failure = { status, headers: retryAfterIs(value), retryNumber, receivedAt: NOW };
          const decision = decideRetry(failure, { ...limits, backoff: () => backedOff });
          const minimum = retryAfterOf(failure) ?? Number.NaN;
          expect(minimum).toBeGreaterThanOrEqual(0);
          if (decision.retry) expect(decision.delay).toBeGreaterThanOrEqual(minimum);
        },
      ),
    );
  });
});

describe('max-retries', () => {
  it('is 5 by default, whatever the statuses', () => {
    expect(decideRetry({ status: 503, retryNumber: 5 })).toEqual(yes(32_768_000, 'backoff'));
    expect(decideRetry({ status: 529, retryNumber: 6 })).toEqual(no('max-retries'));
    expect(decideRetry({ status: 503, retryNumber: 2 }, { maxRetries: 1 })).toEqual(
      no('max-retries'),
    );
    const more = { maxRetries: 6, maxDelay: Number.POSITIVE_INFINITY };
    expect(decideRetry({ status: 503, retryNumber: 6 }, more)).toEqual(yes(262_144_000, 'backoff'));
  });

  it('of Infinity is no limit', () => {
    const policy = { maxRetries: Infinity, maxDelay: Infinity };
    const failure = { status: 503, retryNumber: 1e9 };
    expect(decideRetry(failure, policy)).toEqual(yes(Number.MAX_SAFE_INTEGER, 'backoff'));
  });

  it('of 0 allows no retry', () => {
    const failure = { status: 429, headers: retryAfterIs('0'), retryNumber: 1 };
    expect(decideRetry(failure, { maxRetries: 0 })).toEqual(no('max-retries'));
  });

  it('is checked before the backoff is called', () => {
    const backoff = jest.fn(() => 1);
    decideRetry({ status: 503, retryNumber: 6 }, { backoff });
    expect(backoff).not.toHaveBeenCalled();
  });
});

describe('max-delay', () => {
  it('is one day by default, and may be reached', () => {
    const decide = (delay: number, maxDelay?: number) =>
      decideRetry({ status: 503, retryNumber: 1 }, { backoff: () => delay, maxDelay });
    expect(decide(DAY)).toEqual(yes(DAY, 'backoff'));
    expect(decide(DAY + 1)).toEqual(no('max-delay'));
    expect(decide(10, 10)).toEqual(yes(10, 'backoff'));
    expect(decide(11, 10)).toEqual(no('max-delay'));
  });
});

describe('max-elapsed', () => {
  it('counts from the first attempt, wait included, and may be reached', () => {
    const decide = (elapsed: number | undefined, maxElapsed: number) =>
      decideRetry({ status: 503, retryNumber: 1, elapsed }, { maxElapsed });
    expect(decide(2000, 10_000)).toEqual(yes(8000, 'backoff'));
    expect(decide(2001, 10_000)).toEqual(no('max-elapsed'));
    expect(decide(undefined, 8000)).toEqual(yes(8000, 'backoff'));
    expect(decide(undefined, 7999)).toEqual(no('max-elapsed'));
  });

  it('is unlimited by default', () => {
    const failure = { status: 503, retryNumber: 1, elapsed: Number.MAX_SAFE_INTEGER };
    expect(decideRetry(failure)).toEqual(yes(8000, 'backoff'));
  });
});

describe('total-timeout', () => {
  it('counts from the first attempt, wait included, and may be reached', () => {
    const decide = (elapsed: number) =>
      decideRetry({ status: 503, retryNumber: 1, elapsed }, { totalTimeout: 10_000 });
    expect(decide(2000)).toEqual(yes(8000, 'backoff'));
    expect(decide(2001)).toEqual(no('total-timeout'));
  });
});

describe('a single-use body', () => {
  it('is never sent twice', () => {
    expect(decideRetry({ status: 503, retryNumber: 1, oneShotBody: true })).toEqual(no('body'));
  });
});

describe('the method', () => {
  it.each(['POST', 'patch', 'DELETE', 'get'])('%s is retried like any other', (method) => {
    expect(decideRetry({ status: 503, method, retryNumber: 1 })).toEqual(yes(8000, 'backoff'));
  });

  it.each([
    ['get', ['GET']],
    ['GET', ['get', 'head']],
    ['Get', ['POST', 'gEt']],
    [undefined, ['GET']],
  ])('%s is among %j, in either letter case', (method, methods) => {
    const decision = decideRetry({ status: 503, method, retryNumber: 1 }, { methods });
    expect(decision).toEqual(yes(8000, 'backoff'));
  });

  it.each([
    ['post', ['GET', 'HEAD']],
    ['GET', []],
    [undefined, ['POST']],
  ])('%s is not among %j', (method, methods) => {
    const decision = decideRetry({ status: 503, method, retryNumber: 1 }, { methods });
    expect(decision).toEqual(no('method'));
  });
});

describe('a network error', () => {
  const decide = (failure: Partial<RetryFailure>, policy: RetryPolicy = { networkErrors: true }) =>
    decideRetry({ retryNumber: 1, ...failure }, policy);

  it('is not retried by default', () => {
    expect(decide({ code: 'ECONNRESET' }, {})).toEqual(no('network'));
    expect(decide({ code: 'ECONNRESET' }, { networkErrors: false })).toEqual(no('network'));
  });

  it.each(RETRY_NUMBERS)('is retried with the backoff: retry %d', (retryNumber) => {
    const backoff = SCHEDULE[retryNumber - 1];
    const decision = decide({ code: 'ECONNRESET', retryNumber });
    expect(decision).toEqual(
      backoff === undefined ? no('max-retries') : yes(backoff * 1000, 'backoff'),
    );
  });

  it.each([undefined, 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'ERR_NETWORK', 'ECONNABORTED'])(
    'is transient: %s',
    (code) => {
      expect(decide({ code })).toEqual(yes(8000, 'backoff'));
    },
  );

  it.each(['ERR_FR_TOO_MANY_REDIRECTS', 'ERR_BAD_RESPONSE', 'ERR_INVALID_URL', 'ERR_CANCELED'])(
    'is permanent: %s',
    (code) => {
      expect(decide({ code })).toEqual(no('network'));
    },
  );

  it.each(['GET', 'get', 'HEAD', 'OPTIONS', 'PUT', 'delete', 'TRACE', undefined])(
    'is retried for the idempotent method %s',
    (method) => {
      expect(decide({ method })).toEqual(yes(8000, 'backoff'));
    },
  );

  it.each(['POST', 'patch', 'PURGE'])(
    'is retried for %s only with an idempotency key',
    (method) => {
      expect(decide({ method })).toEqual(no('method'));
      expect(decide({ method, keyed: false })).toEqual(no('method'));
      expect(decide({ method, keyed: true })).toEqual(yes(8000, 'backoff'));
    },
  );

  it('respects the option methods, even with an idempotency key', () => {
    const policy = { networkErrors: true, methods: ['GET'] };
    expect(decide({ method: 'POST', keyed: true }, policy)).toEqual(no('method'));
    expect(decide({ method: 'PUT' }, policy)).toEqual(no('method'));
    expect(decide({ method: 'get' }, policy)).toEqual(yes(8000, 'backoff'));
  });

  it.each([200, 206, 299])('is a truncated %d', (status) => {
    expect(decide({ status, code: 'ECONNRESET' })).toEqual(yes(8000, 'backoff'));
    expect(decide({ status, code: 'ERR_BAD_RESPONSE' })).toEqual(yes(8000, 'backoff'));
    expect(decide({ status, code: 'ECONNRESET' }, {})).toEqual(no('network'));
    expect(decide({ status })).toEqual(no('status'));
  });

  it.each([199, 300, 404, 500])('is not a code on a %d', (status) => {
    expect(decide({ status, code: 'ECONNRESET' })).toEqual(no('status'));
  });

  it('is not a code on a 503: its row decides', () => {
    expect(decide({ status: 503, code: 'ERR_BAD_RESPONSE' }, {})).toEqual(yes(8000, 'backoff'));
  });

  it('respects the limits', () => {
    const policy = { networkErrors: true };
    expect(decide({}, { ...policy, maxDelay: 7999 })).toEqual(no('max-delay'));
    expect(decide({}, { ...policy, maxElapsed: 7999 })).toEqual(no('max-elapsed'));
    expect(decide({ oneShotBody: true })).toEqual(no('body'));
  });
});

describe('the reason', () => {
  // Starts with every reason at once, then removes them one by one in the documented order.
  it('is the first of: status, method, no-retry-after, max-retries, max-delay, max-elapsed, total-timeout, body', () => {
    let failure: RetryFailure = {
      status: 404,
      method: 'POST',
      retryNumber: 6,
      elapsed: 1,
      oneShotBody: true,
    };
    let policy: RetryPolicy = {
      methods: ['GET'],
      maxDelay: 999,
      maxElapsed: 999,
      totalTimeout: 1000,
    };
    const steps: [GiveUpReason, Partial<RetryFailure>, RetryPolicy][] = [
      ['status', { status: 429 }, {}],
      ['method', { method: 'GET' }, {}],
      ['no-retry-after', { headers: retryAfterIs('1') }, {}],
      ['max-retries', { retryNumber: 5 }, {}],
      ['max-delay', {}, { maxDelay: 1000 }],
      ['max-elapsed', {}, { maxElapsed: 1001 }],
      ['total-timeout', { elapsed: 0 }, {}],
      ['body', { oneShotBody: false }, {}],
    ];
    for (const [reason, nextFailure, nextPolicy] of steps) {
      expect(decideRetry(failure, policy)).toEqual(no(reason));
      failure = { ...failure, ...nextFailure };
      policy = { ...policy, ...nextPolicy };
    }
    expect(decideRetry(failure, policy)).toEqual(yes(1000, 'retry-after'));
  });

  it('is the first in that order, whatever the others', () => {
    const arbitrary = fc.record({
      status: fc.constantFrom(undefined, 404, 429, 502, 529),
      code: fc.constantFrom('ECONNRESET', 'ERR_INVALID_URL'),
      method: fc.constantFrom('GET', 'put', 'POST', 'patch'),
      keyed: fc.boolean(),
      seconds: fc.option(fc.nat(20), { nil: undefined }),
      retryNumber: fc.integer({ min: 1, max: 4 }),
      elapsed: fc.nat(20_000),
      oneShotBody: fc.boolean(),
      networkErrors: fc.boolean(),
      methods: fc.constantFrom(undefined, ['get'], ['POST', 'PUT']),
      maxRetries: fc.nat(3),
      maxDelay: fc.nat(20_000),
      maxElapsed: fc.nat(40_000),
      totalTimeout: fc.nat(40_000),
      backedOff: fc.nat(20_000),
    });
    const seen = new Set<string>();
    fc.assert(
      fc.property(arbitrary, (given) => {
        const { status, code, method, seconds, backedOff, retryNumber, elapsed } = given;
        const { keyed, oneShotBody, networkErrors, methods } = given;
        const { maxRetries, maxDelay, maxElapsed, totalTimeout } = given;
        const isNetwork = status === undefined;
        const headers = isNetwork || seconds === undefined ? {} : retryAfterIs(String(seconds));
        const retryAfter = isNetwork ? undefined : seconds && seconds * 1000;
        const delay =
          status === 502
            ? Math.max(backedOff, retryAfter ?? 0)
            : isNetwork
              ? backedOff
              : (retryAfter ?? backedOff);
        const violated: [GiveUpReason, boolean][] = [
          ['network', isNetwork && (!networkErrors || code === 'ERR_INVALID_URL')],
          ['status', status === 404],
          ['method', isNetwork && ['POST', 'patch'].includes(method) && !keyed],
          [
            'method',
            methods !== undefined && !methods.some((m) => RegExp(`^${m}$`, 'i').test(method)),
          ],
          ['no-retry-after', status === 429 && seconds === undefined],
          ['max-retries', retryNumber > maxRetries],
          ['max-delay', delay > maxDelay],
          ['max-elapsed', elapsed + delay > maxElapsed],
          ['total-timeout', elapsed + delay > totalTimeout],
          ['body', oneShotBody],
        ];
        const first = violated.find(([, is]) => is)?.[0];
        const decision = decideRetry(
          { status, code, method, keyed, headers, retryNumber, elapsed, oneShotBody },
          {
            networkErrors,
            methods,
            maxRetries,
            maxDelay,
            maxElapsed,
            totalTimeout,
            backoff: () => backedOff,
          },
        );
        seen.add(first ?? 'retried');
        if (first === undefined) expect(decision).toMatchObject({ retry: true, delay });
        else expect(decision).toEqual(no(first));
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(seen.size).toBe(10);
  });
});

describe('decideRetry', () => {
  it('is a pure function', () => {
    const failure = Object.freeze({
      status: 503,
      headers: Object.freeze({ 'retry-after': Object.freeze(['10', '20']) }),
      method: 'put',
      retryNumber: 2,
      receivedAt: NOW,
    });
    const policy = Object.freeze({ methods: Object.freeze(['PUT']), maxRetries: 3 });
    const first = decideRetry(failure, policy);
    expect(decideRetry(failure, policy)).toEqual(first);
    expect(first).toEqual(yes(64_000, 'backoff'));
  });

  it('ignores undefined', () => {
    const policy: Record<keyof RetryPolicy, undefined> = {
      table: undefined,
      maxRetries: undefined,
      backoff: undefined,
      maxDelay: undefined,
      maxElapsed: undefined,
      totalTimeout: undefined,
      methods: undefined,
      networkErrors: undefined,
      hints: undefined,
    };
    const failure: Record<keyof RetryFailure, unknown> = {
      status: 503,
      headers: undefined,
      data: undefined,
      code: undefined,
      method: undefined,
      retryNumber: 1,
      previousDelay: undefined,
      elapsed: undefined,
      receivedAt: undefined,
      keyed: undefined,
      oneShotBody: undefined,
    };
    expect(decideRetry(failure as RetryFailure, policy)).toEqual(yes(8000, 'backoff'));
    expect(decideRetry({ retryNumber: 1 })).toEqual(no('network'));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, undefined])(
    'throws for %p as the retry number',
    (retryNumber) => {
      const decide = () => decideRetry({ status: 404, retryNumber: retryNumber as number });
      expect(decide).toThrow(RangeError);
      expect(decide).toThrow(/retryNumber takes 1 .*; got /);
    },
  );

  it('calls the backoff with the retry number and the failure', () => {
    const backoff = jest.fn((retryNumber: number) => retryNumber * 10);
    const failure = { status: 503, headers: {}, retryNumber: 3, previousDelay: 20 };
    expect(decideRetry(failure, { backoff })).toEqual(yes(30, 'backoff'));
    expect(backoff.mock.calls).toEqual([[3, failure]]);
  });

  it('lets a backoff look at the status and the wait before', () => {
    const backoff: Backoff = (_retryNumber, { status, previousDelay = 100 }) =>
      status === 503 ? previousDelay * 3 : 1;
    expect(decideRetry({ status: 503, retryNumber: 1 }, { backoff })).toEqual(yes(300, 'backoff'));
    expect(decideRetry({ status: 502, retryNumber: 1 }, { backoff })).toEqual(yes(1, 'backoff'));
    const failure = { status: 503, retryNumber: 2, previousDelay: 300 };
    expect(decideRetry(failure, { backoff })).toEqual(yes(900, 'backoff'));
  });

  it('does not call the backoff if Retry-After alone decides', () => {
    const backoff = jest.fn(() => 1);
    for (const status of [429, 529]) {
      decideRetry({ status, headers: retryAfterIs('1'), retryNumber: 1 }, { backoff });
    }
    expect(backoff).not.toHaveBeenCalled();
  });

  it.each([-1, Number.NaN, '8000', undefined, null, {}, Promise.resolve(1), 8000n])(
    'throws if the backoff returns %p',
    (nonsense) => {
      const backoff = () => nonsense as number;
      const decide = () => decideRetry({ status: 503, retryNumber: 1 }, { backoff });
      expect(decide).toThrow(TypeError);
      expect(decide).toThrow(/option "backoff" takes milliseconds, 0 or more; got /);
    },
  );

  it('accepts a backoff of 0, a fraction, or Infinity', () => {
    const decide = (delay: number) =>
      decideRetry({ status: 503, retryNumber: 1 }, { backoff: () => delay });
    expect(decide(0)).toEqual(yes(0, 'backoff'));
    expect(decide(0.5)).toEqual(yes(0.5, 'backoff'));
    expect(decide(Number.POSITIVE_INFINITY)).toEqual(no('max-delay'));
  });

  it.each<[object, string]>([
    [{ maxRetry: 3 }, 'unknown option "maxRetry"; it takes table, maxRetries, backoff, maxDelay, '],
    [{ jitter: 1 }, 'unknown option "jitter"; it takes '],
    [
      { table: { get: () => undefined } },
      'option "table" takes a table made by defineStatusTable; got [object Object]',
    ],
    [{ table: { 503: 'backoff' } }, 'option "table" takes a table made by defineStatusTable; got '],
    [{ maxRetries: '3' }, 'option "maxRetries" takes an integer, 0 or more, or Infinity; got "3"'],
    [{ backoff: 1000 }, 'option "backoff" takes a function; got 1000'],
    [{ maxDelay: '1 d' }, 'option "maxDelay" takes milliseconds, 0 or more; got "1 d"'],
    [{ maxElapsed: null }, 'option "maxElapsed" takes milliseconds, 0 or more; got null'],
    [{ totalTimeout: true }, 'option "totalTimeout" takes milliseconds, 0 or more; got true'],
    [{ methods: 'GET' }, 'option "methods" takes an array of method names, '],
    [{ networkErrors: 1 }, 'option "networkErrors" takes true or false; got 1'],
  ])('throws a TypeError for the policy %j', (policy, message) => {
    const decide = () => decideRetry({ status: 404, retryNumber: 1 }, policy);
    expect(decide).toThrow(TypeError);
    expect(decide).toThrow(`axios-status-retry: decideRetry: ${message}`);
  });

  it.each<[object]>([[{ maxRetries: -1 }], [{ maxDelay: Number.NaN }], [{ methods: ['G T'] }]])(
    'throws a RangeError for the policy %j',
    (policy) => {
      expect(() => decideRetry({ status: 404, retryNumber: 1 }, policy)).toThrow(RangeError);
    },
  );

  it.each([null, 3, [], 'policy'])('throws a TypeError for the policy %j', (policy) => {
    expect(() => decideRetry({ status: 404, retryNumber: 1 }, policy as object)).toThrow(
      /^axios-status-retry: decideRetry takes an object of options; got /,
    );
  });

  it('passes on an error of the backoff', () => {
    const backoff = () => {
      throw new Error('mine');
    };
    expect(() => decideRetry({ status: 503, retryNumber: 1 }, { backoff })).toThrow('mine');
  });
});

describe('evaluate', () => {
  const retryAfter = retryAfterIs('100');
  const evaluated = (failure: Partial<RetryFailure>, policy: RetryPolicy = {}) =>
    evaluate({ status: 503, retryNumber: 1, ...failure }, readAttachOptions(policy));

  it('tells the wait of a retry', () => {
    expect(evaluated({})).toEqual({ decision: yes(8000, 'backoff'), delay: 8000 });
  });

  it.each<[GiveUpReason, Partial<RetryFailure>, RetryPolicy, number]>([
    ['max-delay', {}, { maxDelay: 7999 }, 8000],
    ['max-elapsed', {}, { maxElapsed: 7999 }, 8000],
    ['total-timeout', {}, { totalTimeout: 7999 }, 8000],
    ['body', { oneShotBody: true }, {}, 8000],
    ['max-retries', { headers: retryAfter }, { maxRetries: 0 }, 100_000],
    ['method', { headers: retryAfter }, { methods: ['PUT'] }, 100_000],
  ])('tells the wait that is not begun, for the reason %s', (reason, failure, policy, delay) => {
    expect(evaluated(failure, policy)).toEqual({ decision: no(reason), delay });
  });

  it.each<[GiveUpReason, Partial<RetryFailure>, RetryPolicy]>([
    ['status', { status: 404, headers: retryAfter }, {}],
    ['network', { status: undefined }, {}],
    ['no-retry-after', { status: 429 }, {}],
    ['max-retries', {}, { maxRetries: 0 }],
    ['max-retries', { headers: retryAfterIs('soon') }, { maxRetries: 0 }],
    ['method', {}, { methods: ['PUT'] }],
  ])('tells no wait where none is known, for the reason %s', (reason, failure, policy) => {
    const { decision, delay } = evaluated(failure, policy);
    expect(decision).toEqual(no(reason));
    expect(delay).toBeUndefined();
  });
});

describe("a row's own", () => {
  const decide = (
    own: Partial<StatusRowInput>,
    failure: Partial<RetryFailure>,
    policy: RetryPolicy = {},
  ) => {
    const table = defineStatusTable([{ code: 503, retry: 'backoff', ...own }]);
    const limits = { maxRetries: 2, backoff: () => 7, ...policy, table };
    return decideRetry({ status: 503, retryNumber: 1, ...failure }, limits);
  };

  it('maxRetries stands before the policy’s, above or below it', () => {
    expect(decide({ maxRetries: 1 }, { retryNumber: 2 })).toEqual(no('max-retries'));
    expect(decide({ maxRetries: 3 }, { retryNumber: 3 })).toEqual(yes(7, 'backoff'));
    expect(decide({ maxRetries: Infinity }, { retryNumber: 1e6 })).toEqual(yes(7, 'backoff'));
    expect(decide({ maxRetries: undefined }, { retryNumber: 3 })).toEqual(no('max-retries'));
    expect(decide({ maxRetries: 0 }, {})).toEqual(no('max-retries'));
  });

  it('backoff stands before the policy’s, and gets the same arguments', () => {
    const backoff = jest.fn((retryNumber: number) => retryNumber * 100);
    expect(decide({ backoff }, { retryNumber: 2 })).toEqual(yes(200, 'backoff'));
    expect(backoff.mock.calls).toEqual([[2, { status: 503, retryNumber: 2 }]]);
    expect(decide({ backoff: undefined }, {})).toEqual(yes(7, 'backoff'));
  });

  it('rules do not hold for a network error', () => {
    const failure = { status: undefined, retryNumber: 2 };
    const own = { maxRetries: 0, backoff: () => 1 };
    expect(decide(own, failure, { networkErrors: true })).toEqual(yes(7, 'backoff'));
  });
});

import { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import type { HintReader } from '../../src/hints/index.js';
import {
  epochMilliseconds,
  epochSeconds,
  goDuration,
  isoDate,
  milliseconds,
  seconds,
  verdict,
} from '../../src/hints/index.js';
import { answerWith, dateHeader, RECEIVED_AT } from '../support/answer.js';
import { cpuTime } from '../support/cpu-time.js';

const MOST = Number.MAX_SAFE_INTEGER;
const NAME = 'X-Wait';
const read = (reader: HintReader, value: unknown, headers: object = {}) =>
  reader(answerWith({ [NAME]: value, ...headers }));
const delayOf = (reader: HintReader, value: unknown, headers: object = {}) =>
  read(reader, value, headers)?.delay;

type Make = (name: string, options?: object) => HintReader;
/** Each reader of a delay, with values that say `1 s`, `2 s` and `3 s` in its format. */
const AHEAD = [1000, 2000, 3000];
const DELAY_READERS: [name: string, make: Make, values: string[]][] = [
  ['seconds', seconds, ['1', '2', '3']],
  ['milliseconds', milliseconds, ['1000', '2000', '3000']],
  ['epochSeconds', epochSeconds, AHEAD.map((ms) => String((RECEIVED_AT + ms) / 1000))],
  ['epochMilliseconds', epochMilliseconds, AHEAD.map((ms) => String(RECEIVED_AT + ms))],
  ['isoDate', isoDate, AHEAD.map((ms) => new Date(RECEIVED_AT + ms).toISOString())],
  ['goDuration', goDuration, ['1s', '2s', '3s']],
];
const READERS: [name: string, make: Make, values: string[]][] = [
  ...DELAY_READERS,
  ['verdict', verdict, ['true', 'true', 'true']],
];

describe.each(READERS)('%s', (owner, make, [value = '']) => {
  it('takes the name of a header in any letter case', () => {
    for (const name of ['x-wait', 'X-WAIT', 'X-Wait']) {
      expect(make(name)(answerWith({ [NAME]: value }))).toBeDefined();
      expect(make(name)(answerWith({ 'x-WAIT': value }))).toBeDefined();
    }
  });

  it('reads headers of every kind', () => {
    for (const headers of [
      new AxiosHeaders({ [NAME]: value }),
      new Headers({ [NAME]: value }),
      { [NAME]: value },
      ['Via', 'proxy', NAME, value],
    ]) {
      expect(make(NAME)(answerWith(headers))).toEqual(read(make(NAME), value));
    }
  });

  it('says nothing without the header, or when it is malformed', () => {
    for (const malformed of [undefined, null, '', ' ', 'soon', {}, true, Symbol('1'), [[value]]]) {
      expect(read(make(NAME), malformed)).toBeUndefined();
    }
    expect(make('other')(answerWith({ [NAME]: value }))).toBeUndefined();
  });

  it('allows spaces and tabs around the value, and no other white space', () => {
    expect(read(make(NAME), ` \t${value}\t `)).toEqual(read(make(NAME), value));
    for (const space of ['\n', '\v', '\u00a0', '\ufeff', '\0']) {
      expect(read(make(NAME), `${value}${space}`)).toBeUndefined();
    }
  });

  it('is not asked when `when` says no', () => {
    const when = jest.fn(({ status }: { status: number }) => status === 429);
    const reader = make(NAME, { when });
    const answer = answerWith({ [NAME]: value });
    expect(reader(answer)).toBeDefined();
    expect(reader({ ...answer, status: 503 })).toBeUndefined();
    expect(when.mock.calls).toEqual([[answer], [{ ...answer, status: 503 }]]);
  });

  it.each([undefined, null, 5, {}, ['x-wait']])('throws a TypeError for the name %p', (name) => {
    const making = () => make(name as string);
    expect(making).toThrow(TypeError);
    expect(making).toThrow(
      `axios-status-retry: ${owner}: the name takes the name of a header field; got `,
    );
  });

  it.each(['', 'x wait', 'x-wait:', 'x-wait\n', 'é'])(
    'throws a RangeError for the name %j',
    (name) => {
      expect(() => make(name)).toThrow(RangeError);
      expect(() => make(name)).toThrow(owner);
    },
  );

  it('throws a TypeError for an option that is unknown or of a wrong kind', () => {
    expect(() => make(NAME, { decimal: true })).toThrow(
      `axios-status-retry: ${owner}: unknown option "decimal"; it takes `,
    );
    expect(() => make(NAME, { when: true })).toThrow(`${owner}: option "when" takes a function`);
    expect(() => make(NAME, null as never)).toThrow(TypeError);
  });

  it('never throws for a value', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (given, date, age) => {
        const hint = read(make(NAME), given, { Date: date, Age: age });
        const { delay = 0 } = hint ?? {};
        expect(Number.isSafeInteger(delay) && delay >= 0 && !Object.is(delay, -0)).toBe(true);
      }),
    );
  });
});

describe.each(DELAY_READERS)(
  '%s, of a repeated header,',
  (_owner, make, [first, second, third]) => {
    it('reads the longest delay', () => {
      expect(delayOf(make(NAME), `${second}, ${third} ,${first}`)).toBe(3000);
      expect(delayOf(make(NAME), [first, third, second])).toBe(3000);
      expect(delayOf(make(NAME), [`${first},${third}`, second])).toBe(3000);
    });

    it('reads nothing when one value is malformed', () => {
      for (const value of [`${first}, soon`, `${first},`, `,${first}`, [first, '', second], []]) {
        expect(delayOf(make(NAME), value)).toBeUndefined();
      }
    });
  },
);

describe('seconds', () => {
  it.each([
    ['0', 0],
    ['007', 7000],
    ['9007199254740', 9_007_199_254_740_000],
    ['9007199254741', MOST],
    ['9'.repeat(400), MOST],
    [120, 120_000],
    [1e21, MOST],
  ])('reads %p as %d ms', (value, delay) => {
    expect(delayOf(seconds(NAME), value)).toBe(delay);
  });

  it.each(['-1', '+1', '1.5', '1.', '.5', '1e3', '0x10', 'Infinity', 'NaN', '1s', '١', 1.5, -1])(
    'takes %p for malformed',
    (value) => {
      expect(delayOf(seconds(NAME), value)).toBeUndefined();
      expect(delayOf(seconds(NAME, { decimals: false }), value)).toBeUndefined();
    },
  );

  it.each([
    ['2.0', 2000],
    ['2', 2000],
    ['0.0001', 1],
    ['64.57', 64_570],
    ['4.35', 4350],
    ['1.0010000000000000000000', 1001],
    ['0.067', 67],
    [812.5, 812_500],
  ])('with `decimals`, reads %p as %d ms, rounded up', (value, delay) => {
    expect(delayOf(seconds(NAME, { decimals: true }), value)).toBe(delay);
  });

  it.each(['1.', '.5', '1.5.5', '1,5.', '-1.5', '1e3', '1.5e3', '0x1.8', ''])(
    'with `decimals`, takes %p for malformed',
    (value) => {
      expect(delayOf(seconds(NAME, { decimals: true }), value)).toBeUndefined();
    },
  );
});

describe('milliseconds', () => {
  it.each([
    ['0', 0],
    ['812', 812],
    ['812.5', 813],
    ['812.0', 812],
    ['9007199254740991', MOST],
    ['9007199254740990.5', MOST],
    ['9007199254740990', MOST - 1],
  ])('reads %p as %d', (value, delay) => {
    expect(delayOf(milliseconds(NAME), value)).toBe(delay);
  });

  it.each(['-1', '1e3', '0x10', '00:00:00.033', '1ms', '1_000', ''])(
    'takes %p for malformed',
    (value) => {
      expect(delayOf(milliseconds(NAME), value)).toBeUndefined();
    },
  );

  it('has no option `decimals`', () => {
    expect(() => milliseconds(NAME, { decimals: false } as object)).toThrow(/unknown option/);
  });
});

describe('a time', () => {
  const TIMES: [name: string, make: Make, write: (ms: number) => string][] = [
    ['epochSeconds', epochSeconds, (ms) => String(ms / 1000)],
    ['epochMilliseconds', epochMilliseconds, String],
    ['isoDate', isoDate, (ms) => new Date(ms).toISOString()],
  ];

  describe.each(TIMES)('of %s', (_owner, make, write) => {
    const delayAt = (ahead: number, headers: object = {}) =>
      delayOf(make(NAME), write(RECEIVED_AT + ahead), headers);

    it('is waited for, and is no wait when it is past', () => {
      expect(delayAt(60_000)).toBe(60_000);
      expect(delayAt(0)).toBe(0);
      expect(delayAt(-60_000)).toBe(0);
    });

    it('is by the server’s clock, as `Date` tells it', () => {
      expect(delayAt(60_000, dateHeader(-10_000))).toBe(70_000);
      expect(delayAt(60_000, dateHeader(10_000))).toBe(50_000);
    });

    it('is by the own clock when `Date` is malformed, or comes from a cache', () => {
      expect(delayAt(60_000, { Date: 'today' })).toBe(60_000);
      expect(delayAt(60_000, { ...dateHeader(-10_000), Age: '10' })).toBe(60_000);
    });

    it('is not shortened by a time of receipt between two milliseconds', () => {
      const answer = { status: 429, receivedAt: RECEIVED_AT + 0.5 };
      const headers = { [NAME]: write(RECEIVED_AT + 1000) };
      expect(make(NAME)({ ...answer, headers })).toEqual({ delay: 1000 });
    });
  });

  it('in epoch seconds may have decimals where they are allowed', () => {
    const text = `${RECEIVED_AT / 1000 + 60}.123`;
    expect(delayOf(epochSeconds(NAME), text)).toBeUndefined();
    expect(delayOf(epochSeconds(NAME, { decimals: true }), text)).toBe(60_123);
  });

  it('in epoch seconds or milliseconds is not guessed from its size', () => {
    expect(delayOf(epochSeconds(NAME), '60')).toBe(0);
    expect(delayOf(epochMilliseconds(NAME), String(RECEIVED_AT / 1000 + 60))).toBe(0);
    expect(delayOf(seconds(NAME), String(RECEIVED_AT / 1000))).toBe(RECEIVED_AT);
    expect(delayOf(epochMilliseconds(NAME), `${RECEIVED_AT}.5`)).toBeUndefined();
  });
});

describe('verdict', () => {
  it('reads true and false, and nothing else', () => {
    expect(read(verdict(NAME), 'true')).toEqual({ retry: true });
    expect(read(verdict(NAME), 'false')).toEqual({ retry: false });
    for (const value of ['TRUE', 'False', '1', '0', 'yes', '?1', '"true"', 'true;q=1', '']) {
      expect(read(verdict(NAME), value)).toBeUndefined();
    }
  });

  it('of a repeated header, reads false before true', () => {
    expect(read(verdict(NAME), 'true, true')).toEqual({ retry: true });
    expect(read(verdict(NAME), ['true', 'false', 'true'])).toEqual({ retry: false });
    expect(read(verdict(NAME), 'false, perhaps')).toBeUndefined();
  });
});

describe('decimal numbers', () => {
  /** Milliseconds by the rules alone: text that is a decimal number, its exact value, rounded up. */
  function oracle(text: string, perSecond: bigint): number | undefined {
    const [whole = '', fraction, ...more] = text.split('.');
    const isNumber = (part: string) => part !== '' && [...part].every((c) => c >= '0' && c <= '9');
    if (more.length > 0 || !isNumber(whole) || (fraction !== undefined && !isNumber(fraction))) {
      return undefined;
    }
    const scale = 10n ** BigInt(fraction?.length ?? 0);
    const exact = BigInt(whole + (fraction ?? '')) * perSecond;
    const ms = (exact + scale - 1n) / scale;
    return ms > BigInt(MOST) ? MOST : Number(ms);
  }
  const digits = fc.stringMatching(/^[0-9]{1,40}$/);
  // Nine decimals of a second are nanoseconds, which all count.
  const decimal = fc
    .tuple(digits, fc.stringMatching(/^[0-9]{1,6}$/))
    .map((parts) => parts.join('.'));
  const nearly = fc.stringMatching(/^[-+]?[0-9.e, ]{0,8}$/).filter((text) => !text.includes(','));
  const text = fc.oneof(digits, decimal, nearly, fc.nat().map(String));

  it('are read exactly', () => {
    fc.assert(
      fc.property(text, (value) => {
        const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, '');
        expect(delayOf(milliseconds(NAME), value)).toBe(oracle(trimmed, 1n));
        expect(delayOf(seconds(NAME, { decimals: true }), value)).toBe(oracle(trimmed, 1000n));
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile values', () => {
  const LONG = 100_000;
  it.each<[string, HintReader, string]>([
    ['digits', seconds(NAME), `${'1'.repeat(LONG)}x`],
    ['zeros', seconds(NAME), `${'0'.repeat(LONG)}x`],
    ['decimals', milliseconds(NAME), `1.${'0'.repeat(LONG)}x`],
    ['commas', seconds(NAME), ','.repeat(LONG)],
    ['members', seconds(NAME), '1,'.repeat(LONG)],
    ['spaces', seconds(NAME), `1${' '.repeat(LONG)}x`],
    ['parts', goDuration(NAME), `${'1h'.repeat(LONG / 10)}x`],
    ['points', goDuration(NAME), '.'.repeat(LONG)],
    ['fractions', isoDate(NAME), `2026-11-30T12:00:00.${'1'.repeat(LONG)}`],
  ])('take no long time: %s', (_kind, reader, value) => {
    const start = cpuTime();
    expect(delayOf(reader, value)).toBeUndefined();
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  it.each<[string, HintReader, string]>([
    ['epochSeconds', epochSeconds(NAME), '1'],
    ['epochMilliseconds', epochMilliseconds(NAME), '1'],
    ['isoDate', isoDate(NAME), '2026-11-30T12:00Z'],
  ])('look for the time of the answer once, not for each member: %s', (_name, reader, member) => {
    const others = Array.from({ length: 5000 }, (_, i) => [`x-${i}`, 'v']);
    const start = cpuTime();
    const list = Array(20_000).fill(member).join();
    expect(delayOf(reader, list, Object.fromEntries(others))).toBe(0);
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  it('may have more members than a call takes arguments', () => {
    expect(delayOf(seconds(NAME), `${'1,'.repeat(2 * LONG)}2`)).toBe(2000);
  });
});

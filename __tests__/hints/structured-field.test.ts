import fc from 'fast-check';
import {
  DisplayString,
  parseDictionary as dictionaryOracle,
  parseList as listOracle,
  Token,
} from 'structured-headers';
import type { BareItem, Item } from '../../src/hints/structured-field.js';
import { parseDictionary, parseList } from '../../src/hints/structured-field.js';
import { cpuTime } from '../support/cpu-time.js';

type OracleItem = [unknown, Map<string, unknown>];

/** A bare item in one shape for both parsers. */
function comparable(value: unknown): unknown {
  if (value instanceof Token) return { token: value.toString() };
  if (value instanceof DisplayString) return { display: value.toString() };
  if (value instanceof ArrayBuffer) return { bytes: Buffer.from(value).toString('base64') };
  return Object.is(value, -0) ? 0 : value;
}

function ours({ type, value }: BareItem): unknown {
  if (type === 'token') return { token: value };
  if (type === 'display-string') return { display: value };
  if (type === 'bytes') return { bytes: Buffer.from(value, 'base64').toString('base64') };
  return value;
}

const oursOf = ({ bare, params }: Item) => [
  ours(bare),
  [...params].map(([key, value]) => [key, ours(value)]),
];
const oracleOf = ([bare, params]: OracleItem) => [
  comparable(bare),
  [...params].map(([key, value]) => [key, comparable(value)]),
];

/** What the oracle makes of a list; `undefined` if it is malformed or has an inner list. */
function expectedList(text: string): unknown {
  try {
    const items = listOracle(text) as OracleItem[];
    return items.some(([bare]) => Array.isArray(bare)) ? undefined : items.map(oracleOf);
  } catch {
    return undefined;
  }
}

function expectedDictionary(text: string): unknown {
  try {
    const members = [...dictionaryOracle(text)] as [string, OracleItem][];
    if (members.some(([, [bare]]) => Array.isArray(bare))) return undefined;
    return members.map(([key, item]) => [key, oracleOf(item)]);
  } catch {
    return undefined;
  }
}

const listOf = (text: string) => parseList(text)?.map(oursOf);
const dictionaryOf = (text: string) => {
  const members = parseDictionary(text);
  return members && [...members].map(([key, item]) => [key, oursOf(item)]);
};

// The oracle takes no date that something follows, so dates have tests of their own below.
const bareText = fc.oneof(
  fc.stringMatching(/^-?[0-9]{1,16}$/),
  fc.stringMatching(/^-?[0-9]{1,13}\.[0-9]{0,4}$/),
  fc.stringMatching(/^"([ !#-[\]-~]|\\["\\a]){0,6}"$/),
  fc.stringMatching(/^[A-Za-z*][\w!#$%&'*+.^`|~:/-]{0,6}$/),
  fc.base64String({ maxLength: 12 }).map((text) => `:${text}:`),
  fc.stringMatching(/^:[A-Za-z0-9+/=]{0,6}:$/),
  fc.constantFrom('?0', '?1', '?2', ''),
  fc.stringMatching(/^%"([ !#$&-~]|%[0-9a-f]{2}|%[0-9A-F]){0,4}"$/),
  fc.string({ maxLength: 6, unit: 'grapheme-ascii' }).map((text) => {
    const bytes = [...Buffer.from(text, 'utf8')].map(
      (byte) => `%${byte.toString(16).padStart(2, '0')}`,
    );
    return `%"${bytes.join('')}"`;
  }),
);
const key = fc.stringMatching(/^[a-z*][a-z0-9_.*A-]{0,3}$/);
const paramText = fc
  .tuple(fc.constantFrom(';', '; ', ';\t', ' ;'), key, fc.option(bareText, { nil: undefined }))
  .map(([start, name, value]) => `${start}${name}${value === undefined ? '' : `=${value}`}`);
const itemText = fc
  .tuple(bareText, fc.array(paramText, { maxLength: 3 }))
  .map(([bare, params]) => bare + params.join(''));
const separator = fc.constantFrom(',', ', ', '\t,\t', ' , ', '');
const listText = fc
  .tuple(
    fc.constantFrom('', ' ', '\t'),
    fc.array(fc.tuple(itemText, separator), { maxLength: 4 }),
    itemText,
  )
  .map(([start, items, last]) => start + items.flat().join('') + last);
const noise = fc.stringMatching(/^[a1";=, :?%.\\\-+(*\t]{0,10}$/);

describe('a list', () => {
  it('is parsed as another implementation parses it', () => {
    fc.assert(
      fc.property(fc.oneof(listText, itemText, noise), (text) => {
        expect(listOf(text)).toEqual(expectedList(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['', []],
    ['  ', []],
    ['"a";r=5', [['a', [['r', 5]]]]],
    [
      '"a" , "b"',
      [
        ['a', []],
        ['b', []],
      ],
    ],
    ['"a"; r=1;r=2', [['a', [['r', 2]]]]],
    ['"\\"\\\\"', [['"\\', []]]],
    ['"a";x', [['a', [['x', true]]]]],
  ])('%j is %j', (text, expected) => {
    expect(listOf(text)).toEqual(expected);
  });

  it.each([
    ...[
      '"a',
      'a"',
      '"a\\b"',
      '"é"',
      '"\t"',
      "'a'",
      '"a";',
      '"a";R=1',
      '"a";r=',
      '"a" ;r=1',
      '"a";r= 1',
    ],
    ...[
      ',',
      '"a",',
      '"a",,"b"',
      '"a" "b"',
      '\t"a"',
      '1234567890123456',
      '1.',
      '.5',
      '--1',
      '1.2345',
      '+5',
    ],
    ...[
      '1234567890123.1',
      ':a:',
      ':=aa:',
      ':aa=a:',
      ':aaa',
      ':a-_:',
      '?',
      '?true',
      '@',
      '@1.5',
      '%"%ff"',
    ],
    ...['%"%C3%A9"', '%"', '("a" "b")', '"a";r=("b")', '\0', '"a"\n'],
  ])('is malformed: %j', (text) => {
    expect(parseList(text)).toBeUndefined();
  });

  it('tells an integer from a decimal', () => {
    expect(parseList('50')?.[0]?.bare).toEqual({ type: 'integer', value: 50 });
    expect(parseList('50.0')?.[0]?.bare).toEqual({ type: 'decimal', value: 50 });
    expect(parseList('-0')?.[0]?.bare).toEqual({ type: 'integer', value: 0 });
  });

  it('may hold dates', () => {
    expect(parseList('@1659578233;a=@-5, @0')).toEqual([
      {
        bare: { type: 'date', value: 1_659_578_233 },
        params: new Map([['a', { type: 'date', value: -5 }]]),
      },
      { bare: { type: 'date', value: 0 }, params: new Map() },
    ]);
    expect(parseList('@1234567890123456')).toBeUndefined();
  });
});

describe('a dictionary', () => {
  const memberText = fc
    .tuple(key, fc.constantFrom('=', '= ', ''), itemText)
    .map((parts) => parts.join(''));
  const dictionaryText = fc
    .tuple(fc.array(fc.tuple(memberText, separator), { maxLength: 4 }), memberText)
    .map(([members, last]) => members.flat().join('') + last);

  it('is parsed as another implementation parses it', () => {
    fc.assert(
      fc.property(fc.oneof(dictionaryText, noise), (text) => {
        expect(dictionaryOf(text)).toEqual(expectedDictionary(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('holds the last of members with the same key', () => {
    expect(dictionaryOf('a=1, b;x=2, a=3')).toEqual([
      ['a', [3, []]],
      ['b', [true, [['x', 2]]]],
    ]);
  });
});

describe('a hostile field', () => {
  const SIZE = 16_384;
  const start = ['"', '"\\"', ':', '%"', '1', 'a', 'a;a', '"a",', '"a";', ' ', '@1', '-', '%"%e2'];
  it.each(start)('takes linear time: %j again and again', (part) => {
    const text = part.repeat(Math.floor(SIZE / part.length));
    const began = cpuTime();
    for (let i = 0; i < 20; i += 1) parseList(text);
    expect(cpuTime() - began).toBeLessThan(2000);
  });

  it('is malformed when it is longer than 16,384 characters', () => {
    const list = '"a",'.repeat(SIZE / 4 - 1);
    expect(parseList(`${list}"b"`)).toHaveLength(SIZE / 4);
    expect(parseList(`${list}"bcd"`)).toBeUndefined();
  });
});

// The time that parsers and checks take for growing inputs of the worst shapes: the same for each byte.
import { AxiosError, AxiosHeaders } from 'axios';
import { parseTicket } from '../../src/deferral/index.js';
import { relativeToBase } from '../../src/deferral/url.js';
import { rateLimitFields, remainingReset } from '../../src/hints/index.js';
import { parseHttpDate } from '../../src/policy/http-date.js';
import { decideRetry, parseRetryAfter } from '../../src/policy/index.js';
import { errorCode } from '../../src/policy/network-error.js';
import { isSingleUseBody } from '../../src/request/body.js';
import { joinUrl, withoutUserInfo } from '../../src/request/url.js';
import { cloneData } from '../../src/util/clone.js';
import { headerOf } from '../../src/util/headers.js';
import { formatValue } from '../../src/util/validate.js';
import { readersOf } from './all-readers.js';
import type { Idea } from './idea.js';
import { RECEIVED_AT } from './texts.js';

/**
 * How much more time a byte of the largest input may take than one of the fastest size: large inputs leave the caches. Where
 * the time grows with the square, it takes 64 times as much.
 */
const BOUND = 12;
/** Less is noise: copying a string from and to memory takes as long, in nanoseconds for each byte. */
const NOISE = 10;
const DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';
const OWN = 'https://api.example.com';

type Run = () => unknown;
/** Makes an input of about so many bytes, and what is run on it. */
type Shape = (bytes: number) => Run;

const many = (bytes: number, part: string): string => part.repeat(Math.ceil(bytes / part.length));
const list = (bytes: number, member: string): string =>
  Array(Math.ceil(bytes / (member.length + 1)))
    .fill(member)
    .join();
const record = (bytes: number, prefix = 'x-'): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(bytes / 12) }, (_, i) => [`${prefix}${i}`, 'v']),
  );

const texts: readonly [what: string, text: (bytes: number) => string][] = [
  ['digits', (bytes) => `${many(bytes, '1')}x`],
  ['zeros', (bytes) => many(bytes, '0')],
  ['commas', (bytes) => many(bytes, ',')],
  ['members', (bytes) => list(bytes, '1')],
  ['spaces', (bytes) => `1${many(bytes, ' ')}x`],
  ['tabs and commas', (bytes) => many(bytes, '\t, ')],
  ['dates', (bytes) => list(bytes, DATE)],
  ['a date that never ends', (bytes) => `Sun, 06 Nov ${many(bytes, '1')}`],
  ['words of a date', (bytes) => `Sun${many(bytes, ' a')}`],
  ['quotes', (bytes) => many(bytes, '"')],
  ['items', (bytes) => list(bytes, '"a";r=1;t=1')],
  ['parameters', (bytes) => `"a"${many(bytes, ';r=1')}`],
  ['policies', (bytes) => list(bytes, '"a";q=1;w=1')],
  ['points', (bytes) => many(bytes, '1.')],
  ['durations', (bytes) => many(bytes, '1h')],
];

const answerWith = (headers: object) => ({ status: 429, headers, receivedAt: RECEIVED_AT });
const ticketWith = (more: object): object => ({
  version: 1,
  id: 'a',
  method: 'GET',
  url: `${OWN}/`,
  headers: {},
  sent: false,
  retries: 0,
  notBefore: 0,
  attempts: [],
  ...more,
});
const refused = (run: Run): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
const forText = (run: (text: string) => unknown): [string, Shape][] =>
  texts.map(([what, text]) => [
    what,
    (bytes) => {
      const made = text(bytes);
      return () => run(made);
    },
  ]);
function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i += 1) value = [value, i];
  return value;
}

/** By what is measured, with its shapes. */
const subjects: Readonly<Record<string, readonly (readonly [what: string, shape: Shape])[]>> = {
  'parseRetryAfter()': [
    ...forText((text) => parseRetryAfter(text, { receivedAt: RECEIVED_AT })),
    ...forText((text) => parseRetryAfter([text, text], { receivedAt: RECEIVED_AT })),
    [
      'dates beside a long Date',
      (bytes) => {
        const [value, date] = [list(bytes / 2, DATE), `${many(bytes / 2, ' ')}x`];
        return () => parseRetryAfter(value, { date, receivedAt: RECEIVED_AT });
      },
    ],
  ],
  'HTTP-dates': forText((text) => parseHttpDate(text, RECEIVED_AT)),
  ...Object.fromEntries(
    Object.entries(readersOf('x-r')).map(([name, reader]) => [
      `${name}()`,
      [
        ...forText((text) => reader(answerWith({ 'x-r': text }))),
        [
          'members beside many headers',
          (bytes: number) => {
            const headers = {
              ...record(bytes / 2),
              'x-r': list(bytes / 2, name === 'isoDate' ? '2026-11-30T12:00Z' : '1'),
            };
            const answers = [headers, Object.assign(new AxiosHeaders(), headers)].map(answerWith);
            return () => answers.map(reader);
          },
        ],
      ] as [string, Shape][],
    ]),
  ),
  'rateLimitFields()': forText((text) =>
    rateLimitFields()(answerWith({ ratelimit: text, 'ratelimit-policy': text })),
  ),
  'remainingReset()': forText((text) =>
    remainingReset('x', { reset: 'epoch-seconds', bucket: 'x-b' })(
      answerWith({ 'x-limit': text, 'x-remaining': '1', 'x-reset': text, 'x-b': text }),
    ),
  ),
  'headers, found by name': [
    [
      'many headers, in four forms',
      (bytes) => {
        const plain = record(bytes);
        const forms = [
          plain,
          Object.entries(plain).flat(),
          Object.assign(new AxiosHeaders(), plain),
        ];
        return () => forms.map((headers) => headerOf(headers, 'retry-after'));
      },
    ],
    [
      'one header a thousand times',
      (bytes) => {
        const raw = Array(Math.ceil(bytes / 6))
          .fill(['a', '1', 'Age', '5'])
          .flat();
        return () => headerOf(raw, 'age');
      },
    ],
    [
      'a decision by many headers',
      (bytes) => {
        const headers = { ...record(bytes), 'Retry-After': '5' };
        return () => decideRetry({ status: 503, headers, retryNumber: 1 });
      },
    ],
  ],
  'parseTicket()': [
    ['params', (bytes) => prepared(ticketWith({ params: record(bytes) }))],
    [
      'bytes',
      (bytes) =>
        prepared(ticketWith({ body: { type: 'bytes', value: `${many(bytes, 'AAAA')}!` } })),
    ],
    ['slashes of a URL', (bytes) => prepared(ticketWith({ url: `${OWN}${many(bytes, '/')} ` }))],
    ['host of a URL', (bytes) => prepared(ticketWith({ url: `https://${many(bytes, 'a.')}/` }))],
    ['query of a URL', (bytes) => prepared(ticketWith({ url: `${OWN}/?${many(bytes, '?&')}` }))],
    [
      'a header',
      (bytes) => prepared(ticketWith({ headers: { 'If-Match': `${many(bytes, '"')}\n` } })),
    ],
    ['many headers', (bytes) => prepared(ticketWith({ headers: record(bytes, 'if-') }))],
    ['a name', (bytes) => prepared(ticketWith({ [many(bytes, '@?')]: 1 }))],
    ['a method', (bytes) => prepared(ticketWith({ method: `${many(bytes, 'A')} ` }))],
    [
      'attempts',
      (bytes) =>
        prepared(ticketWith({ attempts: Array(Math.ceil(bytes / 20)).fill({ sentAt: 1 }) })),
    ],
    [
      'nested lists',
      (bytes) =>
        prepared(ticketWith({ params: { a: Array(Math.ceil(bytes / 200)).fill(deep(40)) } })),
    ],
    [
      'a long list',
      (bytes) => prepared(ticketWith({ params: { a: Array(Math.ceil(bytes / 2)).fill(1) } })),
    ],
  ],
  URLs: [
    ['user info', (bytes) => prepare(`http:${many(bytes, '/')}x`, withoutUserInfo)],
    ['many @', (bytes) => prepare(`http://${many(bytes, '@:')}`, withoutUserInfo)],
    ['a scheme', (bytes) => prepare(`${many(bytes, 'a')}://`, withoutUserInfo)],
    ['control characters', (bytes) => prepare(many(bytes, '\t\n'), withoutUserInfo)],
    [
      'slashes of a base',
      (bytes) => prepare(`${OWN}${many(bytes, '/')}x`, (base) => joinUrl(base, '/a')),
    ],
    [
      'a ticket below its base',
      (bytes) =>
        prepare(`${OWN}/v1/${many(bytes, '/a')}`, (url) => relativeToBase(url, `${OWN}/v1/`)),
    ],
  ],
  'values in error messages': [
    ['many @', (bytes) => prepare(many(bytes, '@a'), formatValue)],
    ['many ?', (bytes) => prepare(many(bytes, '?\n'), formatValue)],
    ['text', (bytes) => prepare(many(bytes, 'a'), formatValue)],
    [
      'the message of a network error',
      (bytes) => prepare(new AxiosError(many(bytes, "scheme '")), errorCode),
    ],
    [
      'digits in that message',
      (bytes) => prepare(new AxiosError(many(bytes, 'port 1')), errorCode),
    ],
  ],
  'copies of data': [
    ['wide', (bytes) => prepare(record(bytes), (value) => cloneData(value))],
    [
      'lists',
      (bytes) =>
        prepare({ a: Array.from({ length: Math.ceil(bytes / 8) }, (_, i) => [i, {}]) }, (value) =>
          cloneData(value),
        ),
    ],
    [
      'deep',
      (bytes) =>
        prepare(
          Array.from({ length: Math.ceil(bytes / 1000) }, () => deep(500)),
          (value) => cloneData(value),
        ),
    ],
    [
      'one object again and again',
      (bytes) => prepare(Array(Math.ceil(bytes / 4)).fill({ a: [1] }), (value) => cloneData(value)),
    ],
    [
      'whether a body is a stream',
      (bytes) =>
        prepare(
          Array.from({ length: Math.ceil(bytes / 8) }, (_, i) => ({ i })),
          (value) => isSingleUseBody(value),
        ),
    ],
  ],
};

function prepared(ticket: object): Run {
  return () => refused(() => parseTicket(ticket));
}

function prepare<T>(value: T, run: (value: T) => unknown): Run {
  return () => run(value);
}

/** Processor time in milliseconds: other processes do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The median time of a run in nanoseconds. Short ones are repeated. */
function time(run: Run, rounds: number): number {
  const start = performance.now();
  run();
  const repeats = Math.max(1, Math.min(200, Math.floor(2 / (performance.now() - start + 1e-6))));
  const times = Array.from({ length: rounds }, () => {
    const begin = processorTime();
    for (let i = 0; i < repeats; i += 1) run();
    return (processorTime() - begin) / repeats;
  });
  times.sort((a, b) => a - b);
  return (times[Math.floor(rounds / 2)] as number) * 1e6;
}

interface Measured {
  /** The time for a byte of the largest input, in nanoseconds. */
  readonly perByte: number;
  /** How much more that is than for the fastest size. */
  readonly ratio: number;
}

function measure(shape: Shape, sizes: readonly number[], rounds: number): Measured {
  let fastest = Infinity;
  let perByte = 0;
  for (const size of sizes) {
    const taken = time(shape(size), rounds);
    perByte = taken / size;
    fastest = Math.max(Math.min(fastest, perByte), NOISE);
    // The square of the largest would take minutes.
    if (taken > 3e9) break;
  }
  return { perByte, ratio: Math.max(perByte, NOISE) / fastest };
}

export const takeLinearTime: Idea = (_random, scale) => {
  const isQuick = scale <= 1;
  const sizes = isQuick
    ? [2 ** 14, 2 ** 17]
    : [14, 15, 16, 17, 18, 19, 20].map((power) => 2 ** power);
  const rounds = isQuick ? 3 : 5;
  const failures: string[] = [];
  const figures: [string, string][] = [];
  let shapes = 0;
  for (const [subject, all] of Object.entries(subjects)) {
    let worst = { what: '', perByte: 0, ratio: 0 };
    let slowest = 0;
    for (const [what, shape] of all) {
      shapes += 1;
      let measured = measure(shape, sizes, rounds);
      // The machine may have been busy.
      for (let left = 1; measured.ratio > BOUND && left > 0; left -= 1) {
        measured = measure(shape, sizes, rounds);
      }
      slowest = Math.max(slowest, measured.perByte);
      if (measured.ratio > worst.ratio) worst = { what, ...measured };
    }
    figures.push([
      `time of ${subject}, ${all.length} shapes`,
      `${slowest.toFixed(1)} ns a byte at most; ${worst.ratio.toFixed(1)} times the fastest size (${worst.what})`,
    ]);
    if (worst.ratio > BOUND) {
      failures.push(
        `${subject} takes ${worst.ratio.toFixed(0)} times as long for each byte: ${worst.what}`,
      );
    }
  }
  // Below, V8 stores objects in another form, and what a call takes counts for more than the bytes.
  const range = `16 to ${(sizes.at(-1) ?? 0) / 1024} KiB`;
  return {
    figures: [
      [`shapes of input, each from ${range}; ${BOUND} times is the bound`, String(shapes)],
      ...figures,
    ],
    failures,
  };
};

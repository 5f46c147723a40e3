// Header values against every parser of them: no exception, no number that is none, nothing sooner than
// a valid Retry-After says.
import { AxiosHeaders } from 'axios';
import { rateLimitFields, remainingReset } from '../../src/hints/index.js';
import { parseHttpDate } from '../../src/policy/http-date.js';
import { decideRetry, parseRetryAfter } from '../../src/policy/index.js';
import { readersOf } from './all-readers.js';
import type { Idea } from './idea.js';
import { count, Failures } from './idea.js';
import { mutate } from './mutate.js';
import type { Random } from './random.js';
import * as texts from './texts.js';

const { RECEIVED_AT } = texts;
const MOST = Number.MAX_SAFE_INTEGER;
const NAME = 'x-wait';

const READERS = readersOf(NAME);
const FORMATS = [
  ...(['seconds', 'milliseconds', 'go-duration', 'epoch-seconds'] as const),
  ...(['epoch-milliseconds', 'iso-date'] as const),
];
const QUOTA_READERS = [
  rateLimitFields(),
  ...FORMATS.map((reset) => remainingReset('ratelimit', { reset, bucket: 'x-bucket' })),
];

const isWait = (value: unknown): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);

/** A text of some header, valid or nearly so. */
function anyText(random: Random): string {
  const text = random.pick([
    () => texts.digits(random),
    () => texts.httpDate(random).text,
    () => texts.isoDate(random).text,
    () => texts.goDuration(random),
    () => texts.rateLimit(random),
    () => `${texts.digits(random)}.${texts.digits(random)}`,
    () =>
      random.pick(['', ' ', ',', 'true', 'false', 'Infinity', 'NaN', '1e3', '0x10', '-5', '+5']),
  ])();
  return random.oneIn(2) ? mutate(random, text) : text;
}

function anyLines(random: Random): unknown {
  const kind = random.below(20);
  if (kind === 0) return texts.anyValue(random);
  if (kind === 1) return Array.from({ length: random.below(5) }, () => anyText(random));
  if (kind === 2) return Array.from({ length: 2 }, () => texts.anyValue(random));
  if (kind === 3 && random.oneIn(20)) return Array(1000).fill(anyText(random));
  if (kind < 6) return [anyText(random), anyText(random)].join(random.pick([', ', ',', ' , ']));
  return anyText(random);
}

/** What digits alone say in milliseconds, by whole numbers of any size; undefined for anything else. */
function oracleOfDigits(value: unknown): number | undefined {
  const members = typeof value === 'string' ? value.split(',') : [];
  let most = -1n;
  for (const member of members) {
    const [, text] = /^[ \t]*([0-9]+)[ \t]*$/.exec(member) ?? [];
    if (text === undefined) return undefined;
    const ms = BigInt(text) * 1000n;
    if (ms > most) most = ms;
  }
  if (most < 0n) return undefined;
  return most > BigInt(MOST) ? MOST : Number(most);
}

/** A character that no valid value of Retry-After, or of any reader, has. */
const FOREIGN = /[^\w \t,:.+\-\u00b5\u03bc\u00c2\u00ce\u00bc]/;

/** The same headers in every form that is taken. */
function formsOf(headers: Readonly<Record<string, string>>): unknown[] {
  const entries = Object.entries(headers);
  const raw = entries.flat();
  const forms: unknown[] = [headers, new AxiosHeaders(headers), raw];
  const upper = Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value]));
  forms.push(upper, Object.assign(Object.create(null), headers));
  return forms;
}

export const readHeaders: Idea = (random, scale) => {
  const failures = new Failures();
  const values = 12_000 * scale;
  let parsed = 0;
  let valid = 0;
  for (let i = 0; i < values; i += 1) {
    const value = anyLines(random);
    const date = random.oneIn(2)
      ? undefined
      : random.oneIn(2)
        ? texts.httpDate(random).text
        : anyLines(random);
    const age = random.oneIn(4) ? anyLines(random) : undefined;
    const receivedAt = random.oneIn(50)
      ? random.pick([NaN, Infinity, -Infinity, -1, 0, 1e300, 0.5, MOST])
      : RECEIVED_AT;
    const shown = { value, date, age, receivedAt };

    failures.check('parseRetryAfter gives whole milliseconds or nothing', shown, () => {
      const wait = parseRetryAfter(value, { date, age, receivedAt });
      if (wait !== undefined) valid += 1;
      const expected = oracleOfDigits(value);
      if (expected !== undefined) return wait === expected;
      if (typeof value === 'string' && FOREIGN.test(value)) return wait === undefined;
      return isWait(wait);
    });
    if (typeof value === 'string') {
      failures.check('parseHttpDate gives a time or nothing', shown, () => {
        const time = parseHttpDate(value, receivedAt);
        return time === undefined || Number.isSafeInteger(time);
      });
    }

    const headers = { [NAME]: value, date, age } as object;
    const answer = { status: 429, headers, receivedAt };
    for (const [name, reader] of Object.entries(READERS)) {
      failures.check(`the reader ${name} gives a hint or nothing`, shown, () => {
        const hint = reader(answer);
        if (hint !== undefined) valid += 1;
        if (hint === undefined) return name !== 'seconds' || oracleOfDigits(value) === undefined;
        if (name === 'verdict') return typeof hint.retry === 'boolean' && hint.delay === undefined;
        if (typeof value === 'string' && FOREIGN.test(value)) return false;
        if (name === 'seconds' && hint.delay !== oracleOfDigits(value))
          return Array.isArray(value) || typeof value === 'number';
        return isWait(hint.delay) && hint.delay !== undefined;
      });
    }
    const quotaHeaders = {
      ratelimit: random.oneIn(2) ? value : anyLines(random),
      'ratelimit-policy': anyLines(random),
      'ratelimit-limit': anyLines(random),
      'ratelimit-remaining': random.oneIn(2) ? value : anyLines(random),
      'ratelimit-reset': value,
      'x-bucket': random.oneIn(4) ? anyLines(random) : undefined,
      date,
      age: random.oneIn(8) ? age : undefined,
    };
    for (const reader of QUOTA_READERS) {
      failures.check('a reader of quotas gives at most 16, all with numbers', quotaHeaders, () => {
        const quotas = reader({ status: 200, headers: quotaHeaders, receivedAt });
        valid += quotas.length;
        return (
          quotas.length <= 16 &&
          quotas.every(
            ({ name, remaining, reset, limit, window }) =>
              typeof name === 'string' &&
              name.length <= 128 &&
              [remaining, reset, limit, window].every(isWait),
          )
        );
      });
    }
    parsed += 2 + Object.keys(READERS).length + QUOTA_READERS.length;
  }

  const dates = 8000 * scale;
  for (let i = 0; i < dates; i += 1) {
    const told = texts.httpDate(random);
    const iso = texts.isoDate(random);
    const skew = (random.below(200) - 100) * 1000;
    const sent = new Date(RECEIVED_AT + skew).toUTCString();
    failures.check('a date is read exactly, by the clock of the server', { told, sent }, () => {
      const wait = parseRetryAfter(told.text, { receivedAt: RECEIVED_AT, date: sent });
      return wait === Math.max(told.ms - RECEIVED_AT - skew, 0);
    });
    failures.check('a date of RFC 3339 is read exactly', { iso, sent }, () => {
      const headers = { [NAME]: iso.text, date: sent };
      const hint = READERS.isoDate({ status: 429, headers, receivedAt: RECEIVED_AT });
      return hint?.delay === Math.max(iso.ms - RECEIVED_AT - skew, 0);
    });
  }

  const decisions = 4000 * scale;
  for (let i = 0; i < decisions; i += 1) {
    const status = random.pick([429, 503, 529, 502, 500, 404]);
    const headers: Record<string, string> = {};
    for (let left = random.below(4); left > 0; left -= 1) {
      const name = random.pick([
        'retry-after',
        NAME,
        'date',
        'age',
        'constructor',
        'get',
        'toJSON',
        'a',
      ]);
      // As a field can be received (RFC 9110 §5.5): AxiosHeaders trims more than spaces and tabs.
      headers[name] = anyText(random)
        .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
        .trim();
    }
    const policy = { maxDelay: Infinity, hints: Object.values(READERS) };
    failures.check(
      'every form of headers decides the same, and nothing sooner than Retry-After',
      { status, headers },
      () => {
        const made = formsOf(headers).map((form) =>
          JSON.stringify(
            decideRetry(
              { status, headers: form as object, retryNumber: 1, receivedAt: RECEIVED_AT },
              policy,
            ),
          ),
        );
        const decision = JSON.parse(made[0] as string) as { retry: boolean; delay?: number };
        const told = headers['retry-after'];
        const least =
          parseRetryAfter(told, {
            receivedAt: RECEIVED_AT,
            date: headers.date,
            age: headers.age,
          }) ?? 0;
        const isLater =
          !decision.retry || (isWait(decision.delay) && (decision.delay ?? -1) >= least);
        return (
          isLater && new Set(made.filter((_, at) => at !== 1 || !('get' in headers))).size === 1
        );
      },
    );
  }
  return {
    figures: [
      ['header values made by grammar and mutation', count(values)],
      ['readings of them, by 17 parsers', count(parsed)],
      ['readings that said something', count(valid)],
      ['dates against an oracle', count(2 * dates)],
      ['decisions, each by headers in five forms', count(decisions)],
    ],
    failures: failures.list,
  };
};

// Texts as headers have them: most of them valid, with what they say.
import type { Random } from './random.js';

/** A text and its meaning by an oracle of its own, in epoch milliseconds or milliseconds. */
export interface Told {
  readonly text: string;
  readonly ms: number;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (value: number): string => String(value).padStart(2, '0');

/** The time of all answers. */
export const RECEIVED_AT = Date.UTC(2030, 0, 1);

/** A time within some years of the answer, in whole seconds. */
function anyTime(random: Random): Date {
  return new Date(RECEIVED_AT + (random.below(2e9) - 1e9) * 1000);
}

/** An HTTP-date in one of its three forms. */
export function httpDate(random: Random): Told {
  const date = anyTime(random);
  const [long = ''] = [DAYS[random.oneIn(10) ? random.below(7) : date.getUTCDay()]];
  const day = long.slice(0, 3);
  const month = MONTHS[date.getUTCMonth()];
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const year = date.getUTCFullYear();
  const text = random.pick([
    `${day}, ${two(date.getUTCDate())} ${month} ${year} ${time} GMT`,
    `${long}, ${two(date.getUTCDate())}-${month}-${two(year % 100)} ${time} GMT`,
    `${day} ${month} ${String(date.getUTCDate()).padStart(2, ' ')} ${time} ${year}`,
  ]);
  return { text, ms: date.getTime() };
}

/** Digits, sometimes many. */
export function digits(random: Random): string {
  const length = random.oneIn(20) ? random.below(400) : random.below(18);
  let text = String(random.below(10));
  for (let i = 0; i < length; i += 1) text += random.oneIn(3) ? '0' : random.below(10);
  return text;
}

export function isoDate(random: Random): Told {
  const date = anyTime(random);
  const text = date.toISOString();
  return {
    text: random.pick([
      text,
      text.slice(0, 19) + random.pick(['Z', 'z', '+00:00']),
      text.toLowerCase(),
    ]),
    ms: date.getTime(),
  };
}

export function goDuration(random: Random): string {
  let text = '';
  for (let parts = 1 + random.below(4); parts > 0; parts -= 1) {
    text += `${digits(random)}${random.oneIn(3) ? `.${digits(random)}` : ''}`;
    text += random.pick(['h', 'm', 's', 'ms', 'us', '\u00b5s', '\u00c2\u00b5s', 'ns']);
  }
  return text;
}

/** A list of RateLimit or RateLimit-Policy, or a dictionary of draft 7. */
export function rateLimit(random: Random): string {
  const name = (): string =>
    random.pick([
      'default',
      'a',
      'daily',
      '__proto__',
      'constructor',
      'x'.repeat(random.below(200)),
    ]);
  const value = (): string =>
    random.pick([
      digits(random).slice(0, 12),
      '0',
      '-1',
      '1.5',
      '?1',
      'token',
      ':YWJj:',
      '@5',
      '"text"',
    ]);
  const params = (): string => {
    let text = '';
    for (let left = random.below(5); left > 0; left -= 1) {
      text += `;${random.pick([...'rtqw', 'pk', 'qu'])}=${value()}`;
    }
    return text;
  };
  const members = Array.from({ length: 1 + random.below(random.oneIn(20) ? 60 : 4) }, () =>
    random.pick([
      `"${name()}"${params()}`,
      `${name()}${params()}`,
      `limit=${value()}, remaining=${value()}, reset=${value()}`,
      `${value()}${params()}`,
    ]),
  );
  return members.join(random.pick([', ', ',', ' ,\t']));
}

/** A value that no header has, but an adapter may give. */
export function anyValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.pick([0, -0, -1, 1.5, 1e9, 1e300, -1e300, 2 ** 53, NaN, Infinity, -Infinity]),
    () => random.below(1000) - 10,
    () => random.pick([undefined, null, true, false, 5n, -5n, Symbol('a'), () => 5]),
    () => ({}),
    () => ({ toString: () => '5', valueOf: () => 5 }),
    () => ({ length: 5, 0: '5' }),
    () => new Date(RECEIVED_AT),
    () => [[['5']]],
    () => [undefined, null, 5],
    () => Object.assign([], { length: 3 }),
    () => new Map([['5', 5]]),
    () => new Uint8Array([53]),
    () => Object(5),
    () => Object('5'),
    () => Object.create(null),
  ])();
}

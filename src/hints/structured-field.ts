// Parses structured fields (RFC 9651 §4.2): lists and dictionaries of items.

/** A value without parameters. Bytes are their base64 text, without padding. */
export type BareItem =
  | { readonly type: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly type: 'string' | 'token' | 'bytes' | 'display-string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean };

/** A value with its parameters. Of a repeated parameter the last value counts. */
export interface Item {
  readonly bare: BareItem;
  readonly params: ReadonlyMap<string, BareItem>;
}

/** A field that is longer is taken for malformed: no server has reason to send it. */
const MAX_LENGTH = 16_384;

// Each pattern matches where the scanner stands. No part can match what the next part matches, so a
// hostile field takes linear time.
const OWS = /[ \t]*/y;
const SPACES = / */y;
const COMMA = /,[ \t]*/y;
const SEMICOLON = /; */y;
const EQUALS = /=/y;
const KEY = /[a-z*][\w.*-]*/y;
const BARE_ITEM = /* @__PURE__ */ new RegExp(
  [
    '(?<number>-?\\d+(?:\\.\\d+)?)',
    '"(?<string>(?:[ !#-[\\]-~]|\\\\["\\\\])*)"',
    "(?<token>[A-Za-z*][\\w!#$%&'*+.^`|~:/-]*)",
    ':(?<bytes>[A-Za-z\\d+/]*)(?<padding>={0,2}):',
    '\\?(?<boolean>[01])',
    '@(?<date>-?\\d{1,15})',
    '%"(?<display>(?:[ !#$&-~]|%[\\da-f]{2})*)"',
  ].join('|'),
  'y',
);

class Scanner {
  #at = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  /** Matches a pattern here and moves behind it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }
}

/**
 * Parses a list of items. Inner lists are taken for malformed.
 *
 * @returns `undefined` if the field is malformed anywhere.
 */
export function parseList(text: string): Item[] | undefined {
  return parseMembers(text, parseItem);
}

/**
 * Parses a dictionary of items. Inner lists are taken for malformed.
 *
 * @returns `undefined` if the field is malformed anywhere.
 */
export function parseDictionary(text: string): Map<string, Item> | undefined {
  const members = parseMembers(text, (scanner): [string, Item] | undefined => {
    const key = parseKey(scanner);
    const item = scanner.take(EQUALS) ? parseItem(scanner) : parseParams(scanner, TRUE);
    return key === undefined || item === undefined ? undefined : [key, item];
  });
  return members && new Map(members);
}

function parseMembers<T>(
  text: string,
  parseMember: (scanner: Scanner) => T | undefined,
): T[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const scanner = new Scanner(text);
  const members: T[] = [];
  scanner.take(SPACES);
  while (!scanner.isAtEnd) {
    const member = parseMember(scanner);
    if (member === undefined) return undefined;
    members.push(member);
    scanner.take(OWS);
    if (scanner.isAtEnd) break;
    if (!scanner.take(COMMA) || scanner.isAtEnd) return undefined;
  }
  return members;
}

const TRUE: BareItem = { type: 'boolean', value: true };

function parseItem(scanner: Scanner): Item | undefined {
  const bare = parseBareItem(scanner);
  return bare && parseParams(scanner, bare);
}

function parseParams(scanner: Scanner, bare: BareItem): Item | undefined {
  const params = new Map<string, BareItem>();
  while (scanner.take(SEMICOLON)) {
    const key = parseKey(scanner);
    const value = scanner.take(EQUALS) ? parseBareItem(scanner) : TRUE;
    if (key === undefined || value === undefined) return undefined;
    params.set(key, value);
  }
  return { bare, params };
}

function parseKey(scanner: Scanner): string | undefined {
  const key = scanner.take(KEY)?.[0];
  // `\w` has the capitals too, which end a key.
  return key === undefined || /[A-Z]/.test(key) ? undefined : key;
}

function parseBareItem(scanner: Scanner): BareItem | undefined {
  const groups = scanner.take(BARE_ITEM)?.groups ?? {};
  const { number, string, token, bytes, padding = '', boolean, date, display } = groups;
  if (number !== undefined) return parseNumber(number);
  if (string !== undefined) return { type: 'string', value: string.replace(/\\(.)/g, '$1') };
  if (token !== undefined) return { type: 'token', value: token };
  if (bytes !== undefined) return parseBytes(bytes, padding);
  if (boolean !== undefined) return { type: 'boolean', value: boolean === '1' };
  if (date !== undefined) return { type: 'date', value: toNumber(date) };
  return display === undefined ? undefined : parseDisplayString(display);
}

function toNumber(text: string): number {
  // -0 is 0.
  return Number(text) + 0;
}

/** An integer of at most 15 digits, or a decimal of at most 12 and 3. */
function parseNumber(text: string): BareItem | undefined {
  const [whole = '', fraction] = text.replace('-', '').split('.');
  const isDecimal = fraction !== undefined;
  if (isDecimal ? whole.length > 12 || fraction.length > 3 : whole.length > 15) return undefined;
  return { type: isDecimal ? 'decimal' : 'integer', value: toNumber(text) };
}

/** Base64, whose padding may be missing, but is complete if it is there. */
function parseBytes(value: string, padding: string): BareItem | undefined {
  const isComplete = padding === '' || (value.length + padding.length) % 4 === 0;
  return isComplete && value.length % 4 !== 1 ? { type: 'bytes', value } : undefined;
}

function parseDisplayString(text: string): BareItem | undefined {
  try {
    return { type: 'display-string', value: decodeURIComponent(text) };
  } catch {
    // Not UTF-8.
    return undefined;
  }
}

import axios from 'axios';
import fc from 'fast-check';
import { joinUrl, usesBaseUrl, withoutUserInfo } from '../../src/request/url.js';
import { cpuTime } from '../support/cpu-time.js';

const BASES = [undefined, 'http://localhost', 'https://localhost'];

/** The user info that a URL parser finds, on no page or on any. */
function userInfoOf(url: string): string {
  for (const base of BASES) {
    try {
      const { username, password } = new URL(url, base);
      if (username + password !== '') return username + password;
    } catch {
      // Not a URL there.
    }
  }
  return '';
}

describe('a base URL', () => {
  const BASE = 'https://api.test/v1';

  it.each(['', 'users', '/users', '?a=//b', 'users//http://x', '1a://x', 'a_b://x'])(
    'stands before a relative URL: %j',
    (url) => {
      expect(usesBaseUrl(url, BASE, undefined)).toBe(true);
      expect(usesBaseUrl(url, BASE, true)).toBe(true);
    },
  );

  it.each(['http://x', 'HTTPS://x', '//x', 'app+a.b-1://x', 'z9://x'])(
    'does not stand before an absolute URL unless absolute ones are not allowed: %j',
    (url) => {
      expect(usesBaseUrl(url, BASE, undefined)).toBe(false);
      expect(usesBaseUrl(url, BASE, true)).toBe(false);
      expect(usesBaseUrl(url, BASE, false)).toBe(true);
    },
  );

  it('that is empty stands before none', () => {
    expect(usesBaseUrl('users', '', undefined)).toBe(false);
    expect(usesBaseUrl('http://x', '', false)).toBe(false);
  });

  it.each([
    [BASE, '', BASE],
    [`${BASE}//`, '', `${BASE}//`],
    [BASE, 'users', `${BASE}/users`],
    [BASE, 'users//7', `${BASE}/users//7`],
    [`${BASE}//`, '//users//7/', `${BASE}/users//7/`],
    ['https://api.test//v1', 'users', 'https://api.test//v1/users'],
  ])('is joined to a URL as Axios does it: %j and %j', (baseURL, url, joined) => {
    expect(joinUrl(baseURL, url)).toBe(joined);
    expect(axios.getUri({ baseURL, url, allowAbsoluteUrls: false })).toBe(joined);
  });
});

describe('a URL that is shown', () => {
  it.each([
    ['https://user:secret@api.test/users?a=b@c', 'https://api.test/users?a=b@c'],
    ['http://user:p@ss@api.test/a@b', 'http://api.test/a@b'],
    ['\x01http://user:secret@api.test/', 'http://api.test/'],
    ['\x00 \x1f\thttp://user:secret@api.test/', 'http://api.test/'],
    ['h\nt\tt\rp:/\n/us\ner:secret@api.test/', 'http://api.test/'],
    ['http:user:secret@api.test', 'http:api.test'],
    ['http:\\\\user:secret@api.test\\a@b', 'http:\\\\api.test\\a@b'],
    ['/\\user:secret@api.test', '/\\api.test'],
    ['///user:secret@api.test', '///api.test'],
    ['wss:user:secret@api.test', 'wss:api.test'],
    ['ws:user:secret@api.test', 'ws:api.test'],
    ['app://us\\er:secret@api.test/a@b', 'app://api.test/a@b'],
    ['http://user:secret@not a host/', 'http://not a host/'],
    [new URL('http://user:secret@api.test/'), 'http://api.test/'],
  ])('%j has no user info', (url, shown) => {
    expect(withoutUserInfo(url)).toBe(shown);
  });

  it.each([
    '',
    '/users/me@home.test',
    'me@home.test',
    '@scope/package',
    'users?next=//a@b',
    'http://api.test\\me@home.test',
    'ws://api.test\\me@home.test',
    ' https://api.test/\n',
    'mailto:me@home.test',
    'file:me@home.test',
    'app:/me@home.test',
    'app:///me@home.test',
    'no_scheme://me@home.test',
  ])('%j stays as the caller gave it', (url) => {
    expect(withoutUserInfo(url)).toBe(url);
  });

  it.each<[unknown, string]>([
    [undefined, ''],
    [null, ''],
    [7, '7'],
    [Symbol('a'), 'Symbol(a)'],
    [Object.create(null), ''],
  ])('may be no text: case %#', (url, shown) => {
    expect(withoutUserInfo(url)).toBe(shown);
  });

  const junk = fc.constantFrom('\t', '\n', '\r', ' ', '\x01', '\0', '/', '\\', '@', ':', '?', '#');
  const some = (unit: fc.Arbitrary<string>, maxLength: number) =>
    fc.array(unit, { maxLength }).map((parts) => parts.join(''));
  const scheme = fc.constantFrom('http:', 'https:', 'HTTP:', 'ws:', 'ftp:', 'file:', 'app:', '');
  const slashes = some(fc.constantFrom('/', '\\', '\t', '\n'), 4);
  const text = some(fc.oneof(fc.constantFrom('', ' ', '%', 'é', '"', '|', ';'), junk), 5);
  const userInfo = fc
    .tuple(text, fc.constantFrom('', ':p2'), text)
    .map(([user, password, rest]) => `u1${user}${password}${rest}@`);
  const url = fc
    .tuple(
      some(junk, 2),
      scheme,
      slashes,
      fc.option(userInfo, { nil: '' }),
      fc.constantFrom('api.test', '[::1]:80', 'bad host', ''),
      some(fc.oneof(junk, fc.constantFrom('a', 'b')), 5),
    )
    .map((parts) => parts.join(''));

  it('has nothing of the user info that a URL parser finds', () => {
    fc.assert(
      fc.property(url, (given) => {
        const found = userInfoOf(given);
        fc.pre(found !== '');
        const shown = withoutUserInfo(given);
        expect(userInfoOf(shown)).toBe('');
        for (const secret of ['u1', 'p2']) {
          if (found.includes(secret)) expect(shown).not.toContain(secret);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('stays as it is if a URL parser finds no user info', () => {
    fc.assert(
      fc.property(url, (given) => {
        // Empty user info (`http://@host`) is none for the parser.
        const hasScheme = /^[a-z]+:/i.test(given.replace(/[^!-\uffff]/g, ''));
        fc.pre(URL.canParse(given, hasScheme ? undefined : BASES[1]) && userInfoOf(given) === '');
        fc.pre(!/^[^!-\uffff]*(\w[\w+.-]*:)?[\\/\s]*:?@/.test(given));
        expect(withoutUserInfo(given)).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a base URL of slashes', () => {
  it('is joined in linear time, however many slashes it has', () => {
    const slashes = '/'.repeat(500_000);
    const start = cpuTime();
    expect(joinUrl(`http://a${slashes}b${slashes}`, '/c')).toBe(`http://a${slashes}b/c`);
    expect(cpuTime() - start).toBeLessThan(2000);
  });
});

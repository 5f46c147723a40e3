import axios from 'axios';
import fc from 'fast-check';
import {
  absoluteUrl,
  matchesParam,
  normalizedBase,
  relativeToBase,
} from '../../src/deferral/url.js';
import { callOf } from '../support/stub-call.js';

type Request = {
  url?: unknown;
  baseURL?: unknown;
  params?: unknown;
  allowAbsoluteUrls?: unknown;
};

const target = (request: Request, ...omit: string[]) => absoluteUrl(callOf(request), omit);

/** Where Axios itself sends it, as its http adapter finds out. */
function sentTo({ params, ...request }: Request): string {
  const { origin, pathname, search } = new URL(axios.getUri(request as object));
  return origin + axios.getUri({ url: pathname + search, params });
}

const base = 'https://a.example/v1';

/** URLs as people write them, and worse. */
const host = fc.constantFrom('a.example', 'A.Example', 'b.example:8443', '127.0.0.1', '[::1]:80');
const path = fc
  .array(
    fc.oneof(
      fc.constantFrom('', '/', '//', '.', '..', '/../', '%2e%2e', '\\', '@', ':', ' ', '\t', ';'),
      fc.constantFrom('x', 'é', '%zz', '%2F', '^|', '{}', '"', 'b.example', '//b.example/'),
      fc.webFragments(),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const query = fc.constantFrom('', '?', '??', '?a=1', "?a='b c'&&c", '?a=\\b', '?é=[1]&b#c', '#c?d');
const rest = fc.tuple(path, query).map((parts) => parts.join(''));
const absolute = fc
  .tuple(fc.constantFrom('http://', 'https://', 'HTTPS://'), host, fc.constantFrom('', '/'), rest)
  .map((parts) => parts.join(''));
const form = fc
  .array(fc.tuple(fc.constantFrom('a', 'b c', 'é[]'), fc.string()))
  .map((pairs) => new URLSearchParams(pairs));

function isSendable(request: Request): boolean {
  try {
    return /^https?:/.test(sentTo(request));
  } catch {
    return false;
  }
}

describe('the target of a request', () => {
  it.each<[string, Request, string]>([
    ['an absolute URL', { url: 'https://a.example/x?y=1' }, 'https://a.example/x?y=1'],
    ['without a path', { url: 'https://a.example' }, 'https://a.example/'],
    ['a path', { url: '/x', baseURL: base }, 'https://a.example/v1/x'],
    ['a bare path', { url: 'x', baseURL: `${base}/` }, 'https://a.example/v1/x'],
    [
      'slashes on both sides',
      { url: '//x', baseURL: `${base}///`, allowAbsoluteUrls: false },
      'https://a.example/v1/x',
    ],
    ['no URL', { baseURL: base }, 'https://a.example/v1'],
    ['a query only', { url: '?y=1', baseURL: base }, 'https://a.example/v1/?y=1'],
    ['an empty query', { url: '/x?', baseURL: base }, 'https://a.example/v1/x'],
    ['dots', { url: '../x/./y', baseURL: base }, 'https://a.example/x/y'],
    ['a fragment', { url: '/x#y', baseURL: base }, 'https://a.example/v1/x'],
    [
      'an absolute URL over baseURL',
      { url: 'http://b.example/x', baseURL: base },
      'http://b.example/x',
    ],
    [
      'an absolute URL that is not allowed',
      { url: 'http://b.example/x', baseURL: base, allowAbsoluteUrls: false },
      'https://a.example/v1/http://b.example/x',
    ],
    ['backslashes', { url: '\\b.example\\x', baseURL: base }, 'https://a.example/v1//b.example/x'],
    ['white space', { url: '/x y\tz', baseURL: base }, 'https://a.example/v1/x%20yz'],
    [
      'params that are URLSearchParams',
      { url: '/x?y=1', baseURL: base, params: new URLSearchParams('a=b c') },
      'https://a.example/v1/x?y=1&a=b+c',
    ],
  ])('is where Axios sends it, with %s', (_words, request, expected) => {
    expect(sentTo(request)).toBe(expected);
    expect(target(request)).toBe(expected);
  });

  it('is where Axios sends it, whatever URL, base and URLSearchParams it is given', () => {
    const request = fc.record(
      {
        url: fc.oneof(absolute, rest, fc.constant(undefined)),
        baseURL: fc.oneof(
          absolute,
          absolute.map((one) => `${one}//`),
          fc.constantFrom(undefined, ''),
        ),
        allowAbsoluteUrls: fc.constantFrom(undefined, true, false),
        params: form,
      },
      { requiredKeys: ['url', 'baseURL', 'allowAbsoluteUrls'] },
    );
    fc.assert(
      fc.property(request.filter(isSendable), (one) => {
        const found = target(one);
        // What holds user info in its path, see below.
        if (found === undefined) expect(one.url).toMatch(/@/);
        else expect(found).toBe(sentTo(one));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Request]>([
    ['in the URL', { url: 'https://me:secret@a.example/x' }],
    ['in the URL, over a base', { url: 'https://me:secret@a.example/x', baseURL: base }],
    ['in the base', { url: '/x', baseURL: 'https://me:secret@a.example' }],
    ['in the base alone', { url: '', baseURL: 'https://me:secret@a.example/x' }],
    ['with an @ in it', { url: 'https://me@b.example:secret@a.example/x' }],
    ['without a name', { url: 'https://:secret@a.example/x' }],
    ['without a password', { url: 'https://secret@a.example/x' }],
    ['encoded', { url: 'https://me%40b:secr%65t@a.example/x' }],
    ['after white space', { url: ' \thttps://me:secret@a.example/x' }],
    ['with tabs and newlines in it', { url: 'ht\ntps:/\t/me:sec\nret@a.example/x' }],
    ['with backslashes', { url: 'https:\\\\me:secret@a.example\\x' }],
    ['with too many slashes', { url: 'https:////me:secret@a.example/x' }],
    ['with too few slashes', { url: 'https:me:secret@a.example/x' }],
  ])('has no user info: %s', (_words, request) => {
    expect(target(request)).toBe('https://a.example/x');
  });

  it.each<[string, string, boolean | undefined]>([
    ['white space', ' https://me:secret@b.example/x', undefined],
    ['a password alone', ' https://:secret@b.example/x', undefined],
    ['a newline', 'ht\ntps://me:secret@b.example/x', undefined],
    ['backslashes', '\\\\me:secret@b.example/x', undefined],
    ['a slash and a backslash', '/\\me:secret@b.example/x', undefined],
    ['an absolute URL that is not allowed', 'https://me:secret@b.example/x', false],
    ['another host that is not allowed', '//me:secret@b.example/x', false],
  ])('does not exist where user info would be a path: %s', (_words, url, allowAbsoluteUrls) => {
    expect(target({ url, baseURL: base, allowAbsoluteUrls })).toBeUndefined();
  });

  it('has an @ that is no user info', () => {
    const url = '/users/@me/a:b@c?to=d:e@f';
    expect(target({ url, baseURL: base })).toBe(`${base}${url}`);
  });

  it.each<[string, Request]>([
    ['nothing', {}],
    ['a path without a base', { url: '/x' }],
    ['another host without a protocol', { url: '//a.example/x' }],
    ['a relative base', { url: '/x', baseURL: '/api' }],
    ['null', { url: null, baseURL: null }],
    ['another protocol', { url: 'ftp://a.example/x' }],
    ['data', { url: 'data:text/plain,a' }],
    ['a host that is none', { url: 'https://a b/' }],
    ['a port that is none', { url: 'https://a.example:99999/' }],
  ])('does not exist outside a page for %s', (_words, request) => {
    expect(target(request)).toBeUndefined();
  });

  it('leaves out what it is told to, encoded or not, and parts of it', () => {
    const url =
      '/x?key=1&a=2&k%65y=3&key[]=4&key%5Bb%5D=5&key&a=key&keys=6&my+key=7&my%20key=8&%6by%zz=9&key%[=10';
    expect(target({ url, baseURL: base }, 'key', 'my key')).toBe(
      `${base}/x?a=2&a=key&keys=6&%6by%zz=9&key%[=10`,
    );
  });

  it('leaves it out of URLSearchParams too', () => {
    const params = new URLSearchParams({ key: 'secret', a: '1', 'key[b]': 'secret' });
    expect(target({ url: `${base}/x?key=2`, params }, 'key')).toBe(`${base}/x?a=1`);
  });

  it('leaves no query where all of it is left out, and keeps what only looks alike', () => {
    expect(target({ url: `${base}/x?key=1` }, 'key')).toBe(`${base}/x`);
    expect(target({ url: `${base}/x??key=1` }, 'key')).toBe(`${base}/x??key=1`);
    expect(target({ url: `${base}/key=1` }, 'key')).toBe(`${base}/key=1`);
  });

  it('has no params that are written down beside it', () => {
    expect(target({ url: base, params: { a: 1 } })).toBe(base);
  });
});

describe('a parameter’s name', () => {
  it('is that of the parameter and of each part of it', () => {
    expect(['key', 'key[]', 'key[a][b]'].every((name) => matchesParam(name, 'key'))).toBe(true);
    expect(['keys', 'Key', 'key.a', 'a[key]', ''].some((name) => matchesParam(name, 'key'))).toBe(
      false,
    );
  });
});

describe('the base of an instance', () => {
  it.each([
    ['https://me:secret@A.example:443/v1#x', 'https://a.example/v1'],
    ['http://a.example', 'http://a.example/'],
    ['//a.example', undefined],
    ['/api', undefined],
    ['ftp://a.example', undefined],
    [undefined, undefined],
    [null, undefined],
  ])('%s is as a ticket has it', (baseURL, expected) => {
    expect(normalizedBase(baseURL)).toBe(expected);
  });
});

describe('a target as the caller of an instance would give it', () => {
  it('is relative where it lies below the base', () => {
    expect(relativeToBase(`${base}/x?y`, base)).toBe('/x?y');
    expect(relativeToBase(`${base}/x?y`, `${base}/`)).toBe('/x?y');
    expect(relativeToBase(`${base}/x`, 'https://me:secret@A.example/v1///')).toBe('/x');
    expect(relativeToBase('https://a.example/', 'https://a.example')).toBe('/');
  });

  it.each<[string, string, unknown]>([
    ['beside the base', 'https://a.example/v2/x', base],
    ['that only begins like the base', 'https://a.example/v10/x', base],
    ['that is the base', base, base],
    ['on another host', 'https://b.example/v1/x', base],
    ['on a host that begins like it', 'https://a.example.b.example/x', 'https://a.example'],
    ['on another port', 'https://a.example:8443/v1/x', base],
    ['by another protocol', 'http://a.example/v1/x', base],
    ['without a base', 'https://a.example/x', undefined],
    ['with an empty base', 'https://a.example/x', ''],
    ['with a relative base, outside a page', 'https://a.example/api/x', '/api'],
    ['that would be another host’s', 'https://a.example/v1//b.example/x', base],
    [
      'that would be another host’s, with dots',
      'https://a.example//b.example/../../..',
      'https://a.example',
    ],
    [
      'that would be another host’s, of a base with slashes',
      'https://a.example/v1///b.example/x',
      `${base}//`,
    ],
    ['that has backslashes', 'https://a.example/v1/\\b.example/x', base],
    ['whose base ends with a fragment', 'https://a.example/v1/x', `${base}#`],
  ])('stays as it is: one %s', (_words, url, baseURL) => {
    expect(relativeToBase(url, baseURL)).toBeUndefined();
  });

  it('leads to the same final URL, and never to another host', () => {
    const bases = fc.oneof(
      fc.constantFrom(base, 'https://a.example', 'https://a.example/', `${base}//`, `${base}?k=1`),
      absolute,
      absolute.map((one) => `${one}//`),
    );
    // Below the base for the most part, as a ticket has it or as somebody has made it up.
    const targets = fc
      .tuple(bases, fc.oneof(rest, path, absolute), fc.constantFrom('', '/', '//'))
      .map(([one, more, slashes]) => {
        const url = `${normalizedBase(one)}${slashes}${more}`;
        return [one, normalizedBase(url) ?? url, url] as const;
      });
    let relatives = 0;
    fc.assert(
      fc.property(targets, ([baseURL, ...urls]) => {
        for (const url of urls) {
          const relative = relativeToBase(url, baseURL);
          if (relative === undefined) continue;
          relatives += 1;
          expect(sentTo({ url: relative, baseURL })).toBe(sentTo({ url }));
          expect(relative).toMatch(/^\/(?!\/)/);
        }
      }),
      { numRuns: 3000 },
    );
    expect(relatives).toBeGreaterThan(100);
  });
});

describe('on a page', () => {
  const page = globalThis as { location?: object };
  beforeEach(() => {
    page.location = { href: 'https://app.example/here/?q#top' };
  });
  afterEach(() => {
    delete page.location;
  });

  it.each<[string, Request, string]>([
    ['a path', { url: '/x' }, 'https://app.example/x'],
    ['a bare path', { url: 'x' }, 'https://app.example/here/x'],
    ['a relative base', { url: '/x', baseURL: '/api' }, 'https://app.example/api/x'],
    ['another host', { url: '//me:secret@a.example/x' }, 'https://a.example/x'],
    [
      'another host as its base',
      { url: '/x', baseURL: '//me:secret@a.example' },
      'https://a.example/x',
    ],
  ])('the target of %s is relative to it', (_words, request, expected) => {
    expect(target(request)).toBe(expected);
  });

  it('the base of an instance is it, where there is no other', () => {
    expect(normalizedBase(undefined)).toBe('https://app.example/here/?q');
    expect(normalizedBase('/api')).toBe('https://app.example/api');
  });

  it('a target below a relative base is relative, but another host’s is not', () => {
    expect(relativeToBase('https://app.example/api/x', '/api')).toBe('/x');
    expect(relativeToBase('https://app.example/api//b.example/x', '/api')).toBeUndefined();
    page.location = { href: 'https://app.example/' };
    expect(relativeToBase('https://app.example/x', '')).toBeUndefined();
  });
});

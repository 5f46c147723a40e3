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

/** The URL that Axios's http adapter sends a request to. */
function sentTo({ params, ...request }: Request): string {
  const { origin, pathname, search } = new URL(axios.getUri(request as object));
  return origin + axios.getUri({ url: pathname + search, params });
}

const base = 'https://a.example/v1';

/** URLs as people write them, and unusual ones. */
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

describe('absoluteUrl', () => {
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
  ])('is the URL that Axios sends to: %s', (_words, request, expected) => {
    expect(sentTo(request)).toBe(expected);
    expect(target(request)).toBe(expected);
  });

  it('is the URL that Axios sends to, for any URL, base and URLSearchParams', () => {
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
        // User info in a path has a test of its own.
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
  ])('leaves out user info: %s', (_words, request) => {
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
  ])('is undefined if user info would be in the path: %s', (_words, url, allowAbsoluteUrls) => {
    expect(target({ url, baseURL: base, allowAbsoluteUrls })).toBeUndefined();
  });

  it('keeps an @ that is not user info', () => {
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
    ['an invalid host', { url: 'https://a b/' }],
    ['an invalid port', { url: 'https://a.example:99999/' }],
  ])('is undefined outside a page for %s', (_words, request) => {
    expect(target(request)).toBeUndefined();
  });

  it('leaves out the omitted parameters and their parts, encoded or not', () => {
    const url =
      '/x?key=1&a=2&k%65y=3&key[]=4&key%5Bb%5D=5&key&a=key&keys=6&my+key=7&my%20key=8&%6by%zz=9&key%[=10';
    expect(target({ url, baseURL: base }, 'key', 'my key')).toBe(
      `${base}/x?a=2&a=key&keys=6&%6by%zz=9&key%[=10`,
    );
  });

  it('leaves out the omitted parameters of URLSearchParams too', () => {
    const params = new URLSearchParams({ key: 'secret', a: '1', 'key[b]': 'secret' });
    expect(target({ url: `${base}/x?key=2`, params }, 'key')).toBe(`${base}/x?a=1`);
  });

  it('has no query if all of it is left out, and keeps similar text elsewhere', () => {
    expect(target({ url: `${base}/x?key=1` }, 'key')).toBe(`${base}/x`);
    expect(target({ url: `${base}/x??key=1` }, 'key')).toBe(`${base}/x??key=1`);
    expect(target({ url: `${base}/key=1` }, 'key')).toBe(`${base}/key=1`);
  });

  it('does not include params that are an object', () => {
    expect(target({ url: base, params: { a: 1 } })).toBe(base);
  });
});

describe('matchesParam', () => {
  it('matches a parameter and its parts', () => {
    expect(['key', 'key[]', 'key[a][b]'].every((name) => matchesParam(name, 'key'))).toBe(true);
    expect(['keys', 'Key', 'key.a', 'a[key]', ''].some((name) => matchesParam(name, 'key'))).toBe(
      false,
    );
  });
});

describe('normalizedBase', () => {
  it.each([
    ['https://me:secret@A.example:443/v1#x', 'https://a.example/v1'],
    ['http://a.example', 'http://a.example/'],
    ['//a.example', undefined],
    ['/api', undefined],
    ['ftp://a.example', undefined],
    [undefined, undefined],
    [null, undefined],
  ])('gives %s the form that the URLs of tickets have', (baseURL, expected) => {
    expect(normalizedBase(baseURL)).toBe(expected);
  });
});

describe('relativeToBase', () => {
  it('gives a relative URL if the URL is below the base', () => {
    expect(relativeToBase(`${base}/x?y`, base)).toBe('/x?y');
    expect(relativeToBase(`${base}/x?y`, `${base}/`)).toBe('/x?y');
    expect(relativeToBase(`${base}/x`, 'https://me:secret@A.example/v1///')).toBe('/x');
    expect(relativeToBase('https://a.example/', 'https://a.example')).toBe('/');
  });

  it.each<[string, string, unknown]>([
    ['a URL beside the base', 'https://a.example/v2/x', base],
    ['a URL that only begins like the base', 'https://a.example/v10/x', base],
    ['the base itself', base, base],
    ['another host', 'https://b.example/v1/x', base],
    [
      'a host that begins like that of the base',
      'https://a.example.b.example/x',
      'https://a.example',
    ],
    ['another port', 'https://a.example:8443/v1/x', base],
    ['another protocol', 'http://a.example/v1/x', base],
    ['no base', 'https://a.example/x', undefined],
    ['an empty base', 'https://a.example/x', ''],
    ['a relative base, outside a page', 'https://a.example/api/x', '/api'],
    ['a relative URL of another host', 'https://a.example/v1//b.example/x', base],
    [
      'a relative URL of another host, with dots',
      'https://a.example//b.example/../../..',
      'https://a.example',
    ],
    [
      'a relative URL of another host, with a base that ends in slashes',
      'https://a.example/v1///b.example/x',
      `${base}//`,
    ],
    ['backslashes', 'https://a.example/v1/\\b.example/x', base],
    ['a base that ends in a fragment', 'https://a.example/v1/x', `${base}#`],
  ])('gives undefined for %s', (_words, url, baseURL) => {
    expect(relativeToBase(url, baseURL)).toBeUndefined();
  });

  it('leads back to the same URL, and never to another host', () => {
    const bases = fc.oneof(
      fc.constantFrom(base, 'https://a.example', 'https://a.example/', `${base}//`, `${base}?k=1`),
      absolute,
      absolute.map((one) => `${one}//`),
    );
    // Most are below the base. Each is tried in the form that a ticket has and as it is.
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
  ])('absoluteUrl resolves %s against the page', (_words, request, expected) => {
    expect(target(request)).toBe(expected);
  });

  it('normalizedBase uses the page if there is no other base', () => {
    expect(normalizedBase(undefined)).toBe('https://app.example/here/?q');
    expect(normalizedBase('/api')).toBe('https://app.example/api');
  });

  it('relativeToBase works with a relative base, but not for another host', () => {
    expect(relativeToBase('https://app.example/api/x', '/api')).toBe('/x');
    expect(relativeToBase('https://app.example/api//b.example/x', '/api')).toBeUndefined();
    page.location = { href: 'https://app.example/' };
    expect(relativeToBase('https://app.example/x', '')).toBeUndefined();
  });
});

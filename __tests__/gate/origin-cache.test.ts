import axios from 'axios';
import fc from 'fast-check';
import { OriginCache } from '../../src/gate/origin-cache.js';
import { callOf } from '../support/stub-call.js';

type Request = {
  url?: unknown;
  baseURL?: unknown;
  allowAbsoluteUrls?: unknown;
  socketPath?: unknown;
};

const originOf = (request: Request): string => new OriginCache().of(callOf(request));

/** Where Axios itself sends it. */
function sentTo({ url, baseURL, allowAbsoluteUrls }: Request): string {
  const config = { url, baseURL, allowAbsoluteUrls } as Parameters<typeof axios.getUri>[0];
  return new URL(axios.getUri(config), 'http://localhost').origin;
}

describe('the origin of a request', () => {
  it.each<[string, Request, string]>([
    ['an absolute URL', { url: 'https://a.example/x?y#z' }, 'https://a.example'],
    ['without a path', { url: 'https://a.example' }, 'https://a.example'],
    ['with a query only', { url: 'https://a.example?to=https://b.example/' }, 'https://a.example'],
    ['with a fragment only', { url: 'https://a.example#//b.example/' }, 'https://a.example'],
    ['another port', { url: 'https://a.example:8443/' }, 'https://a.example:8443'],
    ['the default port', { url: 'https://a.example:443/' }, 'https://a.example'],
    ['the default port of http', { url: 'http://a.example:80/' }, 'http://a.example'],
    ['http and https', { url: 'http://a.example:443/' }, 'http://a.example:443'],
    ['upper case', { url: 'HTTPS://A.Example/X' }, 'https://a.example'],
    ['user info', { url: 'https://me:pass@a.example/' }, 'https://a.example'],
    ['user info with @', { url: 'https://me@b.example:pass@a.example/' }, 'https://a.example'],
    ['IPv6', { url: 'http://[::1]:3000/x' }, 'http://[::1]:3000'],
    ['letters beyond ASCII', { url: 'https://bücher.example/' }, 'https://xn--bcher-kva.example'],
    ['a relative URL', { url: '/x', baseURL: 'https://a.example/v1' }, 'https://a.example'],
    ['a bare path', { url: 'x', baseURL: 'https://a.example/v1' }, 'https://a.example'],
    ['no URL', { baseURL: 'https://a.example/v1' }, 'https://a.example'],
    ['an empty URL', { url: '', baseURL: 'https://a.example/v1' }, 'https://a.example'],
    [
      'a relative URL with one in its query',
      { url: '/to?https://b.example/', baseURL: 'https://a.example' },
      'https://a.example',
    ],
    [
      'an absolute URL over baseURL',
      { url: 'https://b.example/x', baseURL: 'https://a.example' },
      'https://b.example',
    ],
    [
      'an absolute URL that is not allowed',
      { url: 'https://b.example/x', baseURL: 'https://a.example', allowAbsoluteUrls: false },
      'https://a.example',
    ],
    [
      'an absolute URL that is not allowed, without baseURL',
      { url: 'https://b.example/x', allowAbsoluteUrls: false },
      'https://b.example',
    ],
    [
      'a protocol-relative URL over baseURL',
      { url: '//b.example/x', baseURL: 'https://a.example' },
      'http://b.example',
    ],
    ['a socket', { url: '/info', socketPath: '/var/run/docker.sock' }, 'unix:/var/run/docker.sock'],
    ['white space before it', { url: ' https://b.example/x' }, 'https://b.example'],
    [
      'white space before it, which makes it relative to Axios',
      { url: ' https://b.example/x', baseURL: 'https://a.example' },
      'https://a.example',
    ],
    [
      'backslashes, which make it relative to Axios',
      { url: '\\\\b.example\\x', baseURL: 'https://a.example' },
      'https://a.example',
    ],
    [
      'a socket, whatever the URL',
      { url: 'http://a.example/info', socketPath: '/run/b.sock' },
      'unix:/run/b.sock',
    ],
  ])('with %s', (_words, request, origin) => {
    expect(originOf(request)).toBe(origin);
    if (!request.socketPath) expect(sentTo(request)).toBe(origin);
  });

  it.each<[string, Request]>([
    ['nothing', {}],
    ['a path only', { url: '/x' }],
    ['a path and a relative baseURL', { url: '/x', baseURL: '/api' }],
    ['a path with a URL in its query', { url: 'to?https://b.example/' }],
    ['a path with two slashes in it', { url: '/x//b.example/' }],
    ['null', { url: null, baseURL: null, socketPath: null }],
    ['a host that is none', { url: 'http://a b/' }],
    ['a port that is none', { url: 'http://a.example:99999/' }],
    ['no host', { url: 'http://' }],
    ['a number', { url: 7 }],
  ])('is empty where there is none: %s', (_words, request) => {
    expect(originOf(request)).toBe('');
  });

  it('is that of a URL object too', () => {
    expect(originOf({ url: new URL('https://a.example/x') })).toBe('https://a.example');
  });

  describe('on a page', () => {
    const page = globalThis as { location?: object };
    beforeEach(() => {
      page.location = { href: 'https://app.example/here/', origin: 'https://app.example' };
    });
    afterEach(() => {
      delete page.location;
    });

    it.each<[string, Request, string]>([
      ['a path', { url: '/x' }, 'https://app.example'],
      ['a relative baseURL', { url: '/x', baseURL: '/api' }, 'https://app.example'],
      ['a protocol-relative URL', { url: '//a.example/x' }, 'https://a.example'],
      ['an absolute URL', { url: 'http://a.example/x' }, 'http://a.example'],
    ])('of %s is told by the page', (_words, request, origin) => {
      expect(originOf(request)).toBe(origin);
    });
  });

  it('is the same each time, and not mixed up with others', () => {
    const origins = new OriginCache();
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 3000; i += 1) {
        const url = `https://host-${i}.example/x`;
        expect(origins.of(callOf({ url }))).toBe(`https://host-${i}.example`);
      }
    }
  });

  describe('in a cache', () => {
    const { URL: Original } = globalThis;
    let reads = 0;
    beforeEach(() => {
      reads = 0;
      globalThis.URL = class extends Original {
        constructor(url: string | URL, base?: string | URL) {
          super(url, base);
          reads += 1;
        }
      };
    });
    afterEach(() => {
      globalThis.URL = Original;
    });

    it('is read from its text once', () => {
      const origins = new OriginCache();
      for (const url of ['https://a.example/x', 'https://b.example/x', 'https://a.example/y']) {
        origins.of(callOf({ url }));
      }
      expect(reads).toBe(2);
    });

    it('is forgotten after a thousand others, so that the cache is bounded', () => {
      const origins = new OriginCache();
      for (let i = 0; i <= 1000; i += 1) origins.of(callOf({ url: `https://${i}.example/` }));
      reads = 0;
      origins.of(callOf({ url: 'https://0.example/' }));
      expect(reads).toBe(1);
    });
  });

  it('is where Axios sends a request to, whatever URL and baseURL are', () => {
    const scheme = fc.constantFrom('http:', 'https:', 'HTTP:', 'wss:', 'a+b.c-1:', '');
    const slashes = fc.constantFrom('//', '//', '///', '/', '');
    const user = fc.constantFrom('', 'me@', 'me:pa%3Ass@', 'a@b@');
    const host = fc.constantFrom('a.example', 'B.Example', '127.0.0.1', '[::1]', 'localhost');
    const port = fc.constantFrom('', ':80', ':443', ':8080');
    const rest = fc.constantFrom('', '/', '/x', '?q=//c.example', '#//c.example', '/@d.example/');
    const text = fc.tuple(scheme, slashes, user, host, port, rest).map((parts) => parts.join(''));
    const path = fc.constantFrom('', '/', 'x', '/x', '../x', '?q', 'x:y', '/http://c.example');
    const request = fc.record({
      url: fc.oneof(text, path),
      baseURL: fc.oneof(fc.constant(undefined), fc.constant(''), text, path),
      allowAbsoluteUrls: fc.constantFrom(undefined, true, false),
    });
    const isSent = (one: Request): boolean => {
      try {
        const { protocol } = new URL(axios.getUri(one as object), 'http://localhost');
        return protocol === 'http:' || protocol === 'https:';
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(request.filter(isSent), (one) => {
        const found = originOf(one);
        // A relative URL has no origin of its own outside a page.
        expect(found === '' ? 'http://localhost' : found).toBe(sentTo(one));
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, whatever text it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (url, baseURL) => {
        expect(typeof originOf({ url, baseURL })).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});

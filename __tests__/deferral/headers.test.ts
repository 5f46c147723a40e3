import { createHeaderFilter, isCredential } from '../../src/deferral/headers.js';
import { TOKEN } from '../../src/util/headers.js';

describe('the headers that a ticket may hold', () => {
  const allows = createHeaderFilter();

  it.each([
    'Accept',
    'accept',
    'ACCEPT',
    'Accept-Language',
    'accept-encoding',
    'Content-Type',
    'content-language',
    'If-Match',
    'IF-NONE-MATCH',
    'If-Unmodified-Since',
    'Prefer',
    'Idempotency-Key',
    'idempotency-key',
  ])('are what says what is asked for and what is sent: %s', (name) => {
    expect(allows(name)).toBe(true);
  });

  it.each([
    ['Authorization'],
    ['Proxy-Authorization'],
    ['Cookie'],
    ['Set-Cookie'],
    ['X-Api-Key'],
    ['X-XSRF-TOKEN'],
    ['User-Agent'],
    ['Host'],
    ['Referer'],
    ['Origin'],
    ['Content-Length'],
    ['Content-Encoding'],
    ['Transfer-Encoding'],
    ['Connection'],
    ['Forwarded'],
    ['Accepted'],
    ['X-Accept'],
    ['X-Prefer'],
    ['Idempotency-Key-2'],
    [' Accept'],
    ['Accept\n'],
    ['Accept\nAuthorization'],
    ['If'],
    ['__proto__'],
    ['constructor'],
    ['common'],
    [''],
  ])('are no others: %j', (name) => {
    expect(allows(name)).toBe(false);
  });

  it('are those that an option names too, in any letter case', () => {
    const more = createHeaderFilter(['X-Tenant', 'traceparent']);
    expect(['x-tenant', 'X-TENANT', 'Traceparent', 'accept'].every(more)).toBe(true);
    expect(['X-Tenants', 'X-Tenant ', 'Authorization', 'constructor'].some(more)).toBe(false);
  });

  it('do not change when the option does', () => {
    const names = ['X-Tenant'];
    const more = createHeaderFilter(names);
    names.push('X-Later');
    expect(more('X-Later')).toBe(false);
  });

  it.each(['Authorization', 'AUTHORIZATION', 'proxy-authorization', 'cookie', 'Set-Cookie'])(
    'cannot be a credential: %s',
    (name) => {
      const make = () => createHeaderFilter(['X-Tenant', name]);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(/option "headers" takes no names of credentials; got "[\w-]+"$/);
    },
  );

  it.each(['', ' ', 'Authorization ', ' Cookie', 'X Tenant', 'X:Y', 'Ünicode', 'Cookie\n'])(
    'cannot be what is no token: %j',
    (name) => {
      const make = () => createHeaderFilter([name]);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(/option "headers" takes an array of header names, .*; got "/);
    },
  );

  it.each<[unknown]>([['X-Tenant'], [{}], [null], [[1]], [[Symbol('a')]], [new Set(['X-Tenant'])]])(
    'come as an array of strings, not %p',
    (more) => {
      const make = () => createHeaderFilter(more as string[]);
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/option "headers" takes an array of header names, .*; got /);
    },
  );
});

describe('a credential', () => {
  it.each(['Authorization', 'aUTHORIZATION', 'Proxy-Authorization', 'cookie', 'SET-COOKIE'])(
    'is one in any letter case: %s',
    (name) => {
      expect(isCredential(name)).toBe(true);
    },
  );

  it.each(['X-Authorization', 'Cookies', 'Authorization2', 'Accept'])('is not %s', (name) => {
    expect(isCredential(name)).toBe(false);
  });
});

describe('a token', () => {
  it('is of the characters that RFC 9110 allows, and of no others', () => {
    const all = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));
    const tokens = all.filter((one) => TOKEN.test(one)).join('');
    expect(tokens).toBe(
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
    );
  });
});

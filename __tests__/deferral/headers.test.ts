import { createDeferral } from '../../src/deferral/deferral.js';
import { CREDENTIAL, createHeaderFilter } from '../../src/deferral/headers.js';
import { TOKEN } from '../../src/util/headers.js';

describe('the header filter', () => {
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
  ])('allows %s', (name) => {
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
  ])('does not allow %j', (name) => {
    expect(allows(name)).toBe(false);
  });

  it('allows the names of the option too, in any letter case', () => {
    const more = createHeaderFilter(['X-Tenant', 'traceparent']);
    expect(['x-tenant', 'X-TENANT', 'Traceparent', 'accept'].every(more)).toBe(true);
    expect(['X-Tenants', 'X-Tenant ', 'Authorization', 'constructor'].some(more)).toBe(false);
  });

  it('does not change when the array is changed later', () => {
    const names = ['X-Tenant'];
    const more = createHeaderFilter(names);
    names.push('X-Later');
    expect(more('X-Later')).toBe(false);
  });

  it.each(['Authorization', 'AUTHORIZATION', 'proxy-authorization', 'cookie', 'Set-Cookie'])(
    'cannot allow a credential: %s',
    (name) => {
      const make = () => createHeaderFilter(['X-Tenant', name]);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(/option "headers" takes no names of credentials; got "[\w-]+"$/);
    },
  );

  it.each(['', ' ', 'Authorization ', ' Cookie', 'X Tenant', 'X:Y', 'Ünicode', 'Cookie\n'])(
    'cannot allow a name that is not a token: %j',
    (name) => {
      const make = () => createHeaderFilter([name]);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(/option "headers" takes an array of header names, .*; got "/);
    },
  );

  it.each<[unknown]>([['X-Tenant'], [{}], [null], [[1]], [[Symbol('a')]], [new Set(['X-Tenant'])]])(
    'takes an array of strings, not %p',
    (headers) => {
      const make = () => createDeferral({ save: () => undefined, headers: headers as string[] });
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/option "headers" takes an array of header names, .*; got /);
    },
  );
});

describe('CREDENTIAL', () => {
  it.each(['Authorization', 'aUTHORIZATION', 'Proxy-Authorization', 'cookie', 'SET-COOKIE'])(
    'matches in any letter case: %s',
    (name) => {
      expect(CREDENTIAL.test(name)).toBe(true);
    },
  );

  it.each(['X-Authorization', 'Cookies', 'Authorization2', 'Accept'])(
    'does not match %s',
    (name) => {
      expect(CREDENTIAL.test(name)).toBe(false);
    },
  );
});

describe('TOKEN', () => {
  it('matches the characters that RFC 9110 allows, and no others', () => {
    const all = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));
    const tokens = all.filter((one) => TOKEN.test(one)).join('');
    expect(tokens).toBe(
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
    );
  });
});

import type { InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import { setIdempotencyKey } from '../../src/request/idempotency-key.js';

type Headers = ConstructorParameters<typeof AxiosHeaders>[0];

function keyOn(method: string | undefined, make: true | (() => string) = true, headers?: Headers) {
  const config = { method, headers: new AxiosHeaders(headers) } as InternalAxiosRequestConfig;
  setIdempotencyKey(config, make);
  return config.headers.get('Idempotency-Key');
}

describe('an idempotency key', () => {
  it.each(['POST', 'post', 'PATCH', 'patch'])('is set on %s', (method) => {
    expect(keyOn(method)).toEqual(expect.any(String));
  });

  it.each(['GET', 'put', 'DELETE', 'HEAD', 'POSTS', 'repost', '', undefined])(
    'is neither created nor set on %s',
    (method) => {
      const make = jest.fn(() => 'mine');
      expect(keyOn(method, make)).toBeUndefined();
      expect(make).not.toHaveBeenCalled();
    },
  );

  it('is a UUID that differs from call to call', () => {
    const keys = Array.from({ length: 50 }, () => keyOn('POST'));
    for (const key of keys) {
      expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
    expect(new Set(keys).size).toBe(50);
  });

  it('comes from the given function', () => {
    expect(keyOn('POST', () => 'order-1')).toBe('order-1');
  });

  it.each(['Idempotency-Key', 'idempotency-key', 'IDEMPOTENCY-KEY'])(
    'of the caller is kept: %s',
    (name) => {
      const make = jest.fn(() => 'mine');
      expect(keyOn('POST', make, { [name]: 'theirs' })).toBe('theirs');
      expect(make).not.toHaveBeenCalled();
    },
  );

  it.each(['', undefined, null, 1, {}, Promise.resolve('later')])(
    'cannot be %p: a TypeError says so',
    (key) => {
      const make = () => keyOn('POST', () => key as string);
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/option "idempotencyKey" takes a non-empty string; got /);
    },
  );
});

describe.each<[string, unknown]>([
  ['no crypto', undefined],
  ['a crypto without randomUUID, as on an http page', {}],
])('with %s', (_words, crypto) => {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'crypto') as PropertyDescriptor;
  beforeEach(() => {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
  });
  afterEach(() => {
    Object.defineProperty(globalThis, 'crypto', original);
  });

  it('an idempotency key is just as long and unique', () => {
    const keys = Array.from({ length: 1000 }, () => keyOn('POST'));
    for (const key of keys) expect(key).toMatch(/^[\da-z]*(-[\da-z]*){3}$/);
    expect(new Set(keys).size).toBe(1000);
    expect(Math.min(...keys.map((key) => String(key).length))).toBeGreaterThan(30);
  });
});

import { KeyGenerator } from '../../src/gate/key.js';
import { callOf } from '../support/stub-call.js';

describe('the key of a call', () => {
  it('is its origin', () => {
    expect(new KeyGenerator(undefined).of(callOf({ url: 'https://a.example/x' }))).toBe(
      'https://a.example',
    );
  });

  it('is what a function makes of its config', () => {
    const keys = new KeyGenerator(({ url }) => `key of ${url}`);
    expect(keys.of(callOf({ url: '/x' }))).toBe('key of /x');
  });

  it('may be empty', () => {
    expect(new KeyGenerator(() => '').of(callOf())).toBe('');
  });

  it.each([undefined, null, 7, true, {}, Symbol('a')])('is not %p, but a text', (given) => {
    const keys = new KeyGenerator(() => given as unknown as string);
    expect(() => keys.of(callOf())).toThrow(TypeError);
    expect(() => keys.of(callOf())).toThrow(/the result of option "key" takes a string; got /);
  });

  it('is no secret in the message', () => {
    const keys = new KeyGenerator(() => ({ token: 's3cr3t' }) as unknown as string);
    expect(() => keys.of(callOf())).toThrow(/got \[object Object\]; see /);
  });
});

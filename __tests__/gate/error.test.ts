import { inspect } from 'node:util';
import type { InternalAxiosRequestConfig } from 'axios';
import { isRetryGateError, RetryGateError } from '../../src/gate/error.js';

const secret = 's3cr3t';
const config = {
  url: '/x',
  headers: { Authorization: secret },
} as unknown as InternalAxiosRequestConfig;

const closed = () => new RetryGateError('ERR_GATE_CLOSED', 'the gate is closed', config, 7000);

describe('a RetryGateError', () => {
  it('has a name, a code, a reason, and the time at which the gate opens', () => {
    const error = closed();
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('axios-status-retry: the gate is closed');
    expect(error).toMatchObject({
      name: 'RetryGateError',
      code: 'ERR_GATE_CLOSED',
      reason: 'gate',
      notBefore: 7000,
    });
  });

  it('has no such time when the gate is full', () => {
    expect(new RetryGateError('ERR_GATE_FULL', 'full', config).notBefore).toBeUndefined();
  });

  it('carries the config but does not log it', () => {
    const error = closed();
    expect(error.config).toBe(config);
    expect(Object.keys(error)).not.toContain('config');
    expect([inspect(error), JSON.stringify(error), String(error)].join()).not.toContain(secret);
  });

  it('lets its config be removed, as a logger does', () => {
    const error = closed();
    expect(Reflect.deleteProperty(error, 'config')).toBe(true);
    expect('config' in error).toBe(false);
  });

  it('accepts a cause later, like other errors', () => {
    const error = closed();
    expect('cause' in error).toBe(false);
    Object.assign(error, { cause: 7 });
    expect(error.cause).toBe(7);
  });
});

describe('isRetryGateError', () => {
  it('is true for a RetryGateError and false for other errors', () => {
    expect(isRetryGateError(closed())).toBe(true);
    const other = Object.assign(new Error(), { name: 'RetryGateError', code: 'ERR_GATE_CLOSED' });
    expect(isRetryGateError(other)).toBe(false);
  });

  it.each([undefined, null, 0, '', 'closed', true, {}, [], () => undefined])(
    'is false for %p',
    (value) => {
      expect(isRetryGateError(value)).toBe(false);
    },
  );

  it('goes by a brand that is the same in every version', () => {
    expect(isRetryGateError({ [Symbol.for('axios-status-retry.gate-error')]: true })).toBe(true);
  });

  it('is true for an error of another copy of the package', async () => {
    await jest.isolateModulesAsync(async () => {
      const other = await import('../../src/gate/error.js');
      expect(other.RetryGateError).not.toBe(RetryGateError);
      const error = new other.RetryGateError('ERR_GATE_FULL', 'full', config);
      expect(error).not.toBeInstanceOf(RetryGateError);
      expect(isRetryGateError(error)).toBe(true);
      expect(other.isRetryGateError(closed())).toBe(true);
    });
  });
});

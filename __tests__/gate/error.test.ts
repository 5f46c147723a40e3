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
  it('is an error with a name, a code, a reason, and when the gate opens', () => {
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

  it('does not say when it opens where the gate is full', () => {
    expect(new RetryGateError('ERR_GATE_FULL', 'full', config).notBefore).toBeUndefined();
  });

  it('has the config, and does not show it', () => {
    const error = closed();
    expect(error.config).toBe(config);
    expect(Object.keys(error)).not.toContain('config');
    expect([inspect(error), JSON.stringify(error), String(error)].join()).not.toContain(secret);
  });

  it('takes a cause later, as other errors do', () => {
    const error = closed();
    expect('cause' in error).toBe(false);
    Object.assign(error, { cause: 7 });
    expect(error.cause).toBe(7);
  });
});

describe('isRetryGateError', () => {
  it('tells one from other errors', () => {
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

  it('knows one of another copy of the package', async () => {
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

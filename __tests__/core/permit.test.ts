import type { RetryGate } from '../../src/core/extensions.js';
import { CallPermit } from '../../src/core/permit.js';
import { callOf } from '../support/stub-call.js';

const permit = (more: object = {}) => ({ release: jest.fn(), ...more });

/** The permit of a call at a gate that gives this at once, or this after a wait. */
function setUp(atOnce: unknown, waited?: unknown) {
  const tryAcquire = jest.fn(() => atOnce);
  const acquire = jest.fn(async () => waited);
  const gate = { tryAcquire, acquire } as unknown as RetryGate;
  return { tryAcquire, acquire, held: new CallPermit(gate, callOf(), {} as never) };
}

describe('a permit that is held', () => {
  it('is not asked for again, and released once', async () => {
    const given = permit();
    const { held, tryAcquire, acquire } = setUp(given);
    expect(held.tryAcquire()).toBe(true);
    expect(await held.acquire()).toBeUndefined();
    expect([tryAcquire.mock.calls.length, acquire.mock.calls.length]).toEqual([1, 0]);
    held.release({ status: 200 });
    held.release({});
    expect(given.release.mock.calls).toEqual([[{ status: 200 }, undefined]]);
  });

  it.each<[string, unknown, boolean]>([
    ['has closed', permit({ isExpired: () => true }), true],
    ['is open', permit({ isExpired: () => false }), false],
    ['does not tell', permit(), false],
    ['has given none', undefined, false],
  ])('is expired only if its gate says so: a gate that %s', (_, given, expected) => {
    const { held } = setUp(given);
    held.tryAcquire();
    expect(held.expired).toBe(expected);
  });
});

describe('a wait at a gate', () => {
  it('ends with a permit, whatever fields that has besides', async () => {
    const given = permit({ type: 'mine' });
    const { held } = setUp(undefined, given);
    expect(await held.acquire()).toBeUndefined();
    held.release({});
    expect(given.release).toHaveBeenCalledTimes(1);
  });

  it.each([{ type: 'aborted' }, undefined])('may end without one: %p', async (result) => {
    const { held } = setUp(undefined, result);
    expect(await held.acquire()).toBe(result);
    expect(() => held.release({})).not.toThrow();
  });
});

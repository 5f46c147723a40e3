import fc from 'fast-check';
import type { Policy, RetryOptions } from '../../src/core/options.js';
import { readAttachOptions } from '../../src/core/options.js';
import type { DelayBasis, Evaluation, RetryFailure } from '../../src/policy/decision.js';
import { addJitter } from '../../src/policy/jitter.js';

const policyOf = (options: RetryOptions = {}): Policy => readAttachOptions(options);
const retryAfter = (delay: number, basis: DelayBasis): Evaluation => ({
  decision: { retry: true, delay, basis },
  delay,
});
const backedOff = (delay: number): Evaluation => retryAfter(delay, 'backoff');
const givenUp: Evaluation = { decision: { retry: false, reason: 'status' } };
const failure: RetryFailure = { status: 503, retryNumber: 1 };

describe('jitter', () => {
  const jittered = (share: number, options: RetryOptions, elapsed?: number) =>
    addJitter(backedOff(1000), { ...failure, elapsed }, policyOf(options), () => share);

  it.each([
    [0, 1000],
    [0.5, 1250],
    [1, 1500],
  ])('adds a share of the delay: a random %p of 0.5 × 1000 makes %d', (share, delay) => {
    expect(jittered(share, { jitter: 0.5 })).toEqual(backedOff(delay));
  });

  it('adds whole milliseconds', () => {
    expect(jittered(0.3333, { jitter: 0.5 })).toEqual(backedOff(1166));
  });

  it('keeps the basis', () => {
    const asked = retryAfter(10, 'retry-after');
    const evaluation = addJitter(asked, failure, policyOf({ jitter: 1 }), () => 1);
    expect(evaluation).toEqual(retryAfter(20, 'retry-after'));
  });

  it('stays within maxDelay', () => {
    expect(jittered(1, { jitter: 10, maxDelay: 1300 })).toEqual(backedOff(1300));
  });

  it('stays within the rest of maxElapsed', () => {
    expect(jittered(1, { jitter: 10, maxElapsed: 5000 }, 3500)).toEqual(backedOff(1500));
    expect(jittered(1, { jitter: 10, maxElapsed: 5000 })).toEqual(backedOff(5000));
  });

  it('stays within the rest of totalTimeout', () => {
    expect(jittered(1, { jitter: 10, totalTimeout: 5000 }, 3500)).toEqual(backedOff(1500));
    const both = { jitter: 10, totalTimeout: 5000, maxElapsed: 4000 };
    expect(jittered(1, both, 2500)).toEqual(backedOff(1500));
  });

  it('never shortens a delay that is over a limit already', () => {
    expect(jittered(1, { jitter: 1, maxDelay: 999 })).toEqual(backedOff(1000));
    expect(jittered(1, { jitter: 1, maxElapsed: 999 })).toEqual(backedOff(1000));
    expect(jittered(1, { jitter: 1, totalTimeout: 999 })).toEqual(backedOff(1000));
  });

  it('calls random only for a retry with jitter', () => {
    const random = jest.fn(() => 1);
    expect(addJitter(backedOff(1000), failure, policyOf(), random)).toEqual(backedOff(1000));
    expect(addJitter(givenUp, failure, policyOf({ jitter: 1 }), random)).toBe(givenUp);
    expect(random).not.toHaveBeenCalled();
  });

  it('only lengthens, and respects every limit that the delay respects', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.nat(100_000),
        fc.nat(200_000),
        fc.nat(200_000),
        fc.nat(50_000),
        (delay, share, jitter, maxDelay, maxElapsed, totalTimeout, elapsed) => {
          const policy = policyOf({ jitter, maxDelay, maxElapsed, totalTimeout });
          const { decision } = addJitter(
            backedOff(delay),
            { ...failure, elapsed },
            policy,
            () => share,
          );
          const longer = decision.retry ? decision.delay : Number.NaN;
          expect(longer).toBeGreaterThanOrEqual(delay);
          expect(longer).toBeLessThanOrEqual(delay * (1 + jitter));
          if (delay <= maxDelay) expect(longer).toBeLessThanOrEqual(maxDelay);
          if (elapsed + delay <= maxElapsed) {
            expect(elapsed + longer).toBeLessThanOrEqual(maxElapsed);
          }
          if (elapsed + delay <= totalTimeout) {
            expect(elapsed + longer).toBeLessThanOrEqual(totalTimeout);
          }
        },
      ),
    );
  });

  it('adds nothing to an infinite delay', () => {
    const policy = policyOf({ jitter: 1, maxDelay: Number.POSITIVE_INFINITY });
    const forever = backedOff(Number.POSITIVE_INFINITY);
    for (const share of [0, 0.5, 1]) {
      expect(addJitter(forever, failure, policy, () => share)).toEqual(forever);
    }
  });

  it.each([-0.1, 1.1, Number.NaN, '0.5', undefined])('throws if random returns %p', (share) => {
    const jitter = () =>
      addJitter(backedOff(1), failure, policyOf({ jitter: 1 }), () => share as number);
    expect(jitter).toThrow(TypeError);
    expect(jitter).toThrow(/option "random" takes a number from 0 to 1; got /);
  });
});

import fc from 'fast-check';
import type { Policy, RetryOptions } from '../../src/core/options.js';
import { readAttachOptions } from '../../src/core/options.js';
import type { RetryDecision, RetryFailure } from '../../src/policy/decision.js';
import { applyOverride } from '../../src/policy/override.js';

const policyOf = (options: RetryOptions = {}): Policy => readAttachOptions(options);
const backedOff = (delay: number): RetryDecision => ({ retry: true, delay, basis: 'backoff' });
const givenUp: RetryDecision = { retry: false, reason: 'status' };
const failure: RetryFailure = { status: 503, retryNumber: 1 };

const evaluated = (
  answer: unknown,
  asked: RetryDecision,
  given: Partial<RetryFailure> = {},
  options: RetryOptions = {},
) => {
  const evaluation = { decision: asked, ...(asked.retry && { delay: asked.delay }) };
  return applyOverride(answer, evaluation, { ...failure, ...given }, policyOf(options));
};

describe('the decision returned by decide', () => {
  const overridden = (
    answer: unknown,
    asked: RetryDecision = backedOff(8000),
    given: Partial<RetryFailure> = {},
    options: RetryOptions = {},
  ) => evaluated(answer, asked, given, options).decision;

  it('may be the given decision', () => {
    expect(overridden(backedOff(8000))).toEqual(backedOff(8000));
    const asked: RetryDecision = { retry: true, delay: 5000, basis: 'retry-after' };
    const headers = { 'retry-after': '5' };
    expect(overridden(asked, asked, { headers })).toEqual(asked);
    expect(overridden(givenUp, givenUp)).toBe(givenUp);
  });

  it.each<[string, object, object, RetryOptions, string | undefined]>([
    [
      'more retries',
      { limits: { maxRetries: 2 } },
      { retryNumber: 2 },
      { maxRetries: 1 },
      undefined,
    ],
    ['fewer retries', { limits: { maxRetries: 0 } }, {}, {}, 'max-retries'],
    ['no time for a retry', { limits: { totalTimeout: -1 } }, {}, {}, 'total-timeout'],
    ['a fresh body', { facts: { oneShotBody: false } }, { oneShotBody: true }, {}, undefined],
    ['nothing', {}, { oneShotBody: true }, {}, 'body'],
  ])('may know of %s', (_words, known, given, options, reason) => {
    const decision = overridden({ retry: true, delay: 1, ...known }, givenUp, given, options);
    expect('reason' in decision ? decision.reason : undefined).toBe(reason);
  });

  it.each([0, 10, 9000])('may have another delay: %d ms', (delay) => {
    expect(overridden({ retry: true, delay })).toEqual(backedOff(delay));
  });

  it('may retry a call that is given up; its basis is the backoff', () => {
    expect(overridden({ retry: true, delay: 10 }, givenUp)).toEqual(backedOff(10));
  });

  it('may give up a retry: the reason is always "decided"', () => {
    const decided = { retry: false, reason: 'decided' };
    expect(overridden({ retry: false })).toEqual(decided);
    expect(overridden({ retry: false, reason: 'budget' })).toEqual(decided);
  });

  it('keeps the reason of a call that is given up anyway', () => {
    expect(overridden({ retry: false, reason: 'decided' }, givenUp)).toBe(givenUp);
  });

  it.each([429, 503, 529, 404])('cannot go below the Retry-After of a %d', (status) => {
    const headers = { 'retry-after': '30' };
    const expected = { retry: true, delay: 30_000, basis: 'retry-after' };
    expect(overridden(backedOff(29_999), backedOff(8000), { status, headers })).toEqual(expected);
    expect(overridden(backedOff(0), givenUp, { status, headers })).toEqual(expected);
    expect(overridden(backedOff(30_001), givenUp, { status, headers })).toEqual(backedOff(30_001));
  });

  it.each<[string, Partial<RetryFailure>, RetryOptions]>([
    ['max-retries', { retryNumber: 6 }, {}],
    ['max-delay', {}, { maxDelay: 999 }],
    ['max-elapsed', { elapsed: 1 }, { maxElapsed: 1000 }],
    ['total-timeout', { elapsed: 1 }, { totalTimeout: 1000 }],
    ['body', { oneShotBody: true }, {}],
  ])('respects the limit %s', (reason, given, options) => {
    const answer = backedOff(1000);
    expect(overridden(answer, givenUp, given, options)).toEqual({ retry: false, reason });
  });

  it('respects the limits after Retry-After has lengthened it', () => {
    const headers = { 'retry-after': '30' };
    const decision = overridden(backedOff(0), givenUp, { headers }, { maxDelay: 29_999 });
    expect(decision).toEqual({ retry: false, reason: 'max-delay' });
  });

  it('never retries before Retry-After is over', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(100), (delay, seconds) => {
        const headers = { 'retry-after': String(seconds) };
        const decision = overridden(backedOff(delay), givenUp, { headers });
        expect(decision).toMatchObject({ delay: Math.max(delay, seconds * 1000) });
      }),
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /got undefined/],
    ['null', null, /got null/],
    ['true', true, /got true/],
    ['a number', 1000, /got 1000/],
    ['an empty object', {}, /got \[object Object\]/],
    ['a retry as a string', { retry: 'yes', delay: 1 }, /got \[object Object\]/],
    ['no delay', { retry: true }, /got undefined/],
    ['a delay below 0', { retry: true, delay: -1 }, /got -1/],
    ['a delay of NaN', { retry: true, delay: Number.NaN }, /got NaN/],
    ['a delay as a string', { retry: true, delay: '1000' }, /got "1000"/],
  ])('throws a TypeError if it is %s', (_words, answer, got) => {
    expect(() => overridden(answer)).toThrow(TypeError);
    expect(() => overridden(answer)).toThrow(
      /hook "decide" takes \{ retry: true, delay: milliseconds \} or \{ retry: false \}; got /,
    );
    expect(() => overridden(answer)).toThrow(got);
  });
});

describe('what else is known of an answer', () => {
  it('is the wait that a limit did not allow', () => {
    const answer = backedOff(1000);
    expect(evaluated(answer, givenUp, {}, { maxDelay: 999 }).delay).toBe(1000);
    expect(evaluated({ retry: false }, backedOff(8000)).delay).toBe(8000);
    const headers = { 'retry-after': '30' };
    const lastRetry = { retryNumber: 6 };
    expect(evaluated(answer, givenUp, { ...lastRetry, headers }).delay).toBe(30_000);
    expect(evaluated(answer, givenUp, lastRetry).delay).toBeUndefined();
  });

  it.each<[string, unknown, RetryDecision, boolean | undefined]>([
    ['a retry', { retry: true, delay: 1 }, givenUp, true],
    ['a retry that was decided', backedOff(8000), backedOff(8000), true],
    ['a refusal in place of a retry', { retry: false }, backedOff(8000), false],
    ['the same with a reason', { retry: false, reason: 'status' }, backedOff(8000), false],
    ['a refusal of its own', { retry: false }, givenUp, false],
    ['the same with another reason', { retry: false, reason: 'decided' }, givenUp, false],
    ['the refusal it was given', givenUp, givenUp, undefined],
    ['a copy of it', { ...givenUp }, givenUp, undefined],
  ])('is whether the hook itself wanted a retry: %s', (_words, answer, asked, wanted) => {
    expect(evaluated(answer, asked).wanted).toBe(wanted);
  });

  it('is that it wanted a retry which a limit refused', () => {
    const evaluation = evaluated({ retry: true, delay: 1 }, givenUp, {}, { maxRetries: 0 });
    expect(evaluation).toMatchObject({ decision: { reason: 'max-retries' }, wanted: true });
  });
});

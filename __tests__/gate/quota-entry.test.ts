import { CONCURRENT, merge, REQUESTS, renew } from '../../src/gate/quota-entry.js';
import type { Quota } from '../../src/hints/quota.js';

/** What is known after these answers; each tells a quota, when it came, and when its request was sent. */
function known(...answers: readonly [quota: Omit<Quota, 'name'>, now: number, sentAt?: number][]) {
  let entry: ReturnType<typeof merge>;
  for (const [quota, now, sentAt = now] of answers) {
    entry = merge(entry, { name: 'a', ...quota }, now, sentAt) ?? entry;
  }
  return entry;
}

describe('the unit of a quota', () => {
  it('is requests unless it is told, by the names of the RateLimit draft', () => {
    expect(known([{ remaining: 1 }, 0])?.unit).toBe('requests');
    expect([REQUESTS, CONCURRENT]).toEqual(['requests', 'concurrent-requests']);
  });
});

describe('an answer that tells only a part of a quota', () => {
  const WHOLE = { remaining: 10, reset: 60_000, limit: 100, window: 60_000, unit: 'bytes' };

  it('leaves the rest as it was told before', () => {
    const before = known([WHOLE, 0]);
    expect(before).toMatchObject({ remaining: 10, limit: 100, window: 60_000, resetAt: 60_000 });
    expect(known([WHOLE, 0], [{ reset: 50_000 }, 10])).toEqual({
      ...before,
      resetAt: 50_010,
      since: 10,
    });
    expect(known([WHOLE, 0], [{ remaining: 7 }, 10])).toEqual({
      ...before,
      remaining: 7,
      since: 10,
    });
  });

  it('may tell the end later than the rest', () => {
    const answers = [{ remaining: 5 }, { remaining: 4, reset: 1000 }] as const;
    expect(known([answers[0], 0], [answers[1], 10])?.resetAt).toBe(1010);
  });

  it('says nothing if it tells neither what is left nor a limit', () => {
    expect(known([{ reset: 1000, window: 1000 }, 0])).toBeUndefined();
  });

  it('has the whole limit left if it tells no more than that', () => {
    expect(known([{ limit: 4 }, 0])?.remaining).toBe(4);
  });
});

describe('the answer to a later send', () => {
  const ends = (remaining: number, resetAt: number) =>
    known([{ remaining: 5, reset: 10_000 }, 0], [{ remaining, reset: resetAt - 100 }, 100])
      ?.resetAt;

  it.each([
    ['that tells fewer units and an end up to a second later is of the same window', 4, 11_000],
    ['that tells an earlier end has rounded less', 4, 9000],
  ])('%s', (_words, remaining, resetAt) => {
    expect(ends(remaining, resetAt)).toBe(Math.min(resetAt, 10_000));
  });

  it.each([
    ['that tells an end more than a second later is of the next window', 4, 11_001],
    ['that tells as many units as before is of the next window, if its end is later', 5, 10_001],
  ])('%s', (_words, remaining, resetAt) => {
    expect(ends(remaining, resetAt)).toBe(resetAt);
  });
});

describe('the answer to an earlier send, in a window of 10 s,', () => {
  const WINDOW = { limit: 100, window: 10_000 };

  it.each([
    ['that tells fewer units lowers what is left', 20, 8000, [20, 10_000]],
    ['that tells more units raises nothing', 40, 8000, [30, 10_000]],
    ['that comes up to half a window late puts the end off', 40, 15_000, [30, 15_000]],
    ['that tells a later end is of the next window', 40, 15_001, [40, 15_001]],
    ['that tells an end up to half a window sooner lowers what is left', 20, 5000, [20, 10_000]],
    ['that tells an earlier end is of the window before', 20, 4999, [30, 10_000]],
  ])('%s', (_words, remaining, resetAt, expected) => {
    const entry = known(
      [{ ...WINDOW, remaining: 30, reset: 9900 }, 100],
      [{ ...WINDOW, remaining, reset: resetAt - 110 }, 110, 50],
    );
    expect([entry?.remaining, entry?.resetAt]).toEqual(expected);
  });
});

describe('the next window of a quota', () => {
  const next = (quota: Omit<Quota, 'name'>, now: number) => {
    const entry = known([quota, 0]);
    return entry && renew(entry, now);
  };

  it('is not known without a limit', () => {
    expect(next({ remaining: 1, reset: 1000, window: 1000 }, 1000)).toBeUndefined();
  });

  it('has no known end without a known length', () => {
    expect(next({ remaining: 1, limit: 5, reset: 1000 }, 1000)).toMatchObject({
      remaining: 5,
      resetAt: undefined,
      since: 1000,
      isTold: false,
    });
  });

  it.each([
    [1000, 3000],
    [2999, 3000],
    [3000, 5000],
    [9500, 11_000],
  ])('that is under way at %d ends at %d, if one of 2 s has ended at 1000', (now, resetAt) => {
    expect(next({ remaining: 1, limit: 5, reset: 1000, window: 2000 }, now)).toMatchObject({
      resetAt,
    });
  });
});

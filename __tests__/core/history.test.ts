import { History } from '../../src/core/history.js';

/** A call that was sent and has failed once. */
function failedOnce(): History {
  const history = new History(5);
  history.recordFailure(503, undefined);
  history.recordDelay(8000);
  return history;
}

describe('the history of a call that succeeded at once', () => {
  it('keeps no list, to save memory, but reports the attempt', () => {
    const history = new History(5);
    history.recordSuccess(200);
    expect(history.attempts).toEqual([]);
    expect(history.report()).toEqual({ attempts: [{ sentAt: 5, status: 200 }] });
  });
});

describe('a history that continues another', () => {
  it('does not change it', () => {
    const earlier = failedOnce();
    const later = new History(9000);
    later.continue({ retries: 1, firstSentAt: 5 }, earlier);
    later.recordSuccess(200);
    expect(later.attempts).toHaveLength(2);
    expect(earlier.attempts).toEqual([{ sentAt: 5, status: 503, delay: 8000 }]);
    expect([earlier.lastDelay, later.lastDelay]).toEqual([8000, undefined]);
  });

  it('has no wait before it if nothing has been sent', () => {
    const history = new History(5);
    expect(history.lastDelay).toBeUndefined();
    history.continue({ retries: 0, firstSentAt: 5, attempts: [] });
    expect(history.lastDelay).toBeUndefined();
  });
});

describe('the end of a history', () => {
  it('keeps what is known of it already', () => {
    const history = failedOnce();
    history.end({ reason: 'max-delay', retryAt: 9 });
    history.end({});
    expect(history.report()).toMatchObject({ gaveUp: 'max-delay', retryAt: 9 });
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])(
    'reports no time to send again that JSON cannot hold: %p',
    (retryAt) => {
      const history = failedOnce();
      history.end({ reason: 'max-delay', retryAt });
      expect(Object.keys(history.report())).toEqual(['attempts', 'gaveUp']);
    },
  );
});

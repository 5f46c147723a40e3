import type { AxiosRequestConfig } from 'axios';
import axios from 'axios';
import type {
  AttachedInstance,
  DeferralRequest,
  RetryCall,
  RetryDeferral,
  RetryProgress,
} from '../../src/core/extensions.js';
import type { RetryOptions, RetryReport } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import { ManualGate } from '../support/manual-gate.js';
import { START, setUp, throwError } from '../support/scripted-client.js';

describe('a deferral', () => {
  class Deferred extends Error {
    override name = 'Deferred';
  }

  function deferralOf(defer: RetryDeferral['defer']) {
    return {
      attach: jest.fn(),
      defer: jest.fn(defer),
    } satisfies RetryDeferral;
  }
  const long = { status: 429, retryAfter: '100' };
  const limits = { maxDelay: 60_000 };

  it('is attached once, with the instance and its clock and waits', () => {
    const deferral = deferralOf(async () => undefined);
    const { api, clock, handle } = setUp([200], { deferral });
    expect(deferral.attach.mock.calls).toHaveLength(1);
    const [instance, host] = deferral.attach.mock.calls[0] as [unknown, AttachedInstance];
    expect(instance).toBe(api);
    expect(host.clock).toBe(clock);
    expect(host.waits.list()).toBe(handle.waits);
  });

  it('takes over a wait longer than maxDelay; the request rejects with its error', async () => {
    const deferred = new Deferred('later');
    const deferral = deferralOf(async () => deferred);
    const { fail, sent, passed } = setUp([long], { ...limits, deferral });
    expect(await fail()).toBe(deferred);
    expect([sent.length, passed()]).toEqual([1, 0]);
    const [call, deferment] = deferral.defer.mock.calls[0] as [RetryCall, DeferralRequest];
    expect(call).toMatchObject({ retries: 0, firstSentAt: START });
    expect(deferment).toMatchObject({ notBefore: START + 100_000, status: 429 });
    expect(deferment.cause).toMatchObject({ isAxiosError: true, status: 429 });
    expect(retryReport(deferment.cause)).toMatchObject({ gaveUp: 'deferred' });
  });

  it('is awaited', async () => {
    let give: (error: Error) => void = () => undefined;
    const deferral = deferralOf(
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    const { get } = setUp([long], { ...limits, deferral });
    let settled = false;
    const failure = failureOf(get()).finally(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    expect(deferral.defer).toHaveBeenCalledTimes(1);
    expect(settled).toBe(false);
    give(new Deferred('later'));
    expect(await failure).toBeInstanceOf(Deferred);
  });

  it('calls onGiveUp with the reason "deferred"', async () => {
    const deferral = deferralOf(async (_call, { cause }) => new Deferred('later', { cause }));
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([long], { ...limits, deferral, onGiveUp });
    const error = await fail();
    expect(retryReport(error)?.gaveUp).toBe('deferred');
    expect(onGiveUp.mock.calls.map(([report]) => report)).toEqual([retryReport(error)]);
  });

  it('calls onGiveUp after a retry too', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([503, long], { ...limits, deferral, onGiveUp });
    await fail();
    expect(deferral.defer.mock.calls[0]?.[0]).toMatchObject({ retries: 1 });
    expect(onGiveUp.mock.calls[0]?.[0]).toMatchObject({
      gaveUp: 'deferred',
      attempts: [{ status: 503, delay: 8000 }, { status: 429 }],
    });
  });

  it('calls onGiveUp for a 404 that decide wanted to retry, too late for this process', async () => {
    const deferral = deferralOf(async () => undefined);
    const decide = () => ({ retry: true, delay: 100_000, basis: 'backoff' }) as const;
    const onGiveUp = jest.fn();
    const { fail } = setUp([404], { ...limits, deferral, decide, onGiveUp });
    expect(retryReport(await fail())?.gaveUp).toBe('body');
    expect(onGiveUp).toHaveBeenCalledTimes(1);
  });

  it('that cannot save the request leaves the last error and the reason "body"', async () => {
    const deferral = deferralOf(async () => undefined);
    const onGiveUp = jest.fn((_report: RetryReport) => undefined);
    const { fail } = setUp([long], { ...limits, deferral, onGiveUp });
    const error = await fail();
    expect(error).toMatchObject({ name: 'AxiosError', status: 429 });
    expect(retryReport(error)?.gaveUp).toBe('body');
    expect(onGiveUp.mock.calls[0]?.[0].gaveUp).toBe('body');
  });

  it.each<[string, RetryDeferral['defer']]>([
    ['throws', throwError],
    ['rejects', async () => throwError()],
  ])(
    'that %s fails the request with that error; the HTTP error is the cause',
    async (_words, defer) => {
      const { fail } = setUp([long], { ...limits, deferral: deferralOf(defer) });
      const error = await fail();
      expect(error).toMatchObject({ message: 'mine', cause: { isAxiosError: true, status: 429 } });
      expect(retryReport(error)).not.toHaveProperty('gaveUp');
    },
  );

  it('gets no cause when validateStatus accepts the response', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, deferral });
    expect(await fail({ validateStatus: () => true })).toBeInstanceOf(Deferred);
    expect(deferral.defer.mock.calls[0]?.[1]).toEqual({
      notBefore: START + 100_000,
      status: 429,
      cause: undefined,
    });
  });

  it('does not delay the end of an aborted request', async () => {
    const abort = new AbortController();
    const deferral = deferralOf(() => {
      abort.abort();
      return new Promise(() => undefined);
    });
    const { fail } = setUp([long], { ...limits, deferral });
    expect(axios.isCancel(await fail({ signal: abort.signal }))).toBe(true);
  });

  it('is not asked for a wait up to maxDelay', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { get, clock } = setUp([{ status: 429, retryAfter: '60' }, 200], { ...limits, deferral });
    const request = get();
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(deferral.defer).not.toHaveBeenCalled();
  });

  it.each<[string, RetryOptions, string]>([
    ['maxElapsed', { maxElapsed: 99_999 }, 'max-elapsed'],
    ['maxRetries', { maxRetries: 0 }, 'max-retries'],
    ['methods', { methods: ['POST'] }, 'method'],
  ])('is limited by %s', async (_words, options, reason) => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, ...options, deferral });
    expect(retryReport(await fail())?.gaveUp).toBe(reason);
    expect(deferral.defer).not.toHaveBeenCalled();
  });

  it('is asked after decide, which sees the long delay', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const decide = jest.fn((decision) => ({ ...decision, delay: decision.delay + 1 }));
    const { fail } = setUp([long], { ...limits, deferral, decide });
    await fail();
    expect(decide.mock.calls[0]?.[0]).toEqual({
      retry: true,
      delay: 100_000,
      basis: 'retry-after',
    });
    expect(deferral.defer.mock.calls[0]?.[1].notBefore).toBe(START + 100_001);

    const refusing = setUp([long], {
      ...limits,
      deferral: deferralOf(async () => new Deferred('later')),
      decide: () => ({ retry: false, reason: 'decided' }),
    });
    expect(retryReport(await refusing.fail())?.gaveUp).toBe('decided');
  });

  it('gets the delay without jitter', async () => {
    const deferral = deferralOf(async () => new Deferred('later'));
    const { fail } = setUp([long], { ...limits, deferral, jitter: 1, random: () => 1 });
    await fail();
    expect(deferral.defer.mock.calls[0]?.[1].notBefore).toBe(START + 100_000);
  });

  it('charges nothing to the budget', async () => {
    const budget = { withdraw: jest.fn(() => true), deposit: () => undefined };
    const deferral = deferralOf(async () => new Deferred('later'));
    await setUp([long], { ...limits, deferral, budget }).fail();
    expect(budget.withdraw).not.toHaveBeenCalled();
  });

  it('is asked after the permit is released', async () => {
    const gate = new ManualGate();
    const deferral = deferralOf(async () => {
      expect(gate.released).toEqual([{ status: 429, retryAfter: 100_000 }]);
      return new Deferred('later');
    });
    expect(await setUp([long], { ...limits, deferral, gate }).fail()).toBeInstanceOf(Deferred);
    expect(gate.acquired).toBe(1);
  });
});

describe('retry state that a deferral puts on a config', () => {
  const progress: RetryProgress = { retries: 3, firstSentAt: START - 1_000_000 };
  const resumed = { 'axios-status-retry': progress } as AxiosRequestConfig;

  it('continues the retry count', async () => {
    const { fail, sent } = setUp([503]);
    const error = await fail(resumed);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([3, 4, 5]);
    expect(retryReport(error)).toEqual({
      gaveUp: 'max-retries',
      attempts: [
        { sentAt: START, status: 503, delay: 4_096_000 },
        { sentAt: START + 4_096_000, status: 503, delay: 32_768_000 },
        { sentAt: START + 36_864_000, status: 503 },
      ],
    });
  });

  it('counts maxElapsed from the first attempt of all', async () => {
    const { fail } = setUp([503], { maxElapsed: 1_000_000 + 4_096_000 - 1 });
    expect(retryReport(await fail(resumed))?.gaveUp).toBe('max-elapsed');
  });

  it('counts maxElapsed from the first attempt of all after a wait at a gate too', async () => {
    const gate = new ManualGate();
    gate.open = false;
    const { get, clock, handle } = setUp([503], { gate, maxElapsed: 4_000_000 });
    const failure = failureOf(get(resumed));
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ basis: 'gate', retryNumber: 3, status: undefined }]);
    gate.admitAll();
    await clock.runAll();
    expect(retryReport(await failure)?.gaveUp).toBe('max-elapsed');
  });

  it.each<[string, unknown]>([
    ['without a first send', { retries: 3 }],
    ['with a wrong count', { retries: '3', firstSentAt: START }],
    ['with a count that would allow more', { retries: -5, firstSentAt: START }],
    ['with a part of a count', { retries: 0.5, firstSentAt: START }],
    ['that is text', 'ticket'],
    ['that is nothing', null],
  ])('%s is ignored', async (_words, state) => {
    const { fail, sent } = setUp([503], { maxRetries: 1 });
    await fail({ 'axios-status-retry': state } as AxiosRequestConfig);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1]);
  });
});

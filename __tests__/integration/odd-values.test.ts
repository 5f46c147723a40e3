// Reports and tickets, whatever an adapter, a clock or a backoff gives.
import type { AxiosResponse } from 'axios';
import axios, { AxiosError } from 'axios';
import fc from 'fast-check';
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, parseTicket } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions, RetryReport } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { anyValue } from '../support/any-value.js';
import { failureOf } from '../support/failure-of.js';

const clockAt = (now: () => number): RetryOptions['clock'] => ({
  now,
  setTimeout: () => 0,
  clearTimeout: () => undefined,
});

/** The error and the ticket of a request that fails with this, and has to wait. */
async function deferredAfter(failure: object, options: RetryOptions = {}) {
  const saved: RetryTicket[] = [];
  const deferral = createDeferral({ save: (ticket) => void saved.push(ticket) });
  const api = axios.create({
    adapter: (config) => {
      const error = Object.assign(new AxiosError('failed'), { config }, failure);
      return Promise.reject(error);
    },
  });
  attachRetry(api, {
    clock: clockAt(() => 5),
    maxDelay: 0,
    maxRetries: 1,
    networkErrors: true,
    gate: createGate(),
    decide: () => ({ retry: true, delay: 1000, basis: 'backoff' }),
    deferral,
    ...options,
  });
  const error = await failureOf(api.get('https://api.example/'));
  return { error, report: retryReport(error) as RetryReport, ticket: saved[0] };
}

function expectReadable(report: RetryReport, ticket: RetryTicket | undefined): void {
  expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  for (const { sentAt, status = 100, code = '', delay = 0 } of report.attempts) {
    for (const time of [sentAt, delay]) expect(time).toBeGreaterThanOrEqual(0);
    expect(Number.isInteger(status) && status >= 100 && status <= 999).toBe(true);
    expect(typeof code).toBe('string');
  }
  expect(ticket).toBeDefined();
  expect(parseTicket(JSON.parse(JSON.stringify(ticket)))).toStrictEqual(ticket);
  expect(ticket?.attempts).toStrictEqual(report.attempts);
}

describe('the report and the ticket', () => {
  it('have the text of a code that is a number', async () => {
    const { report, ticket } = await deferredAfter({ code: 14 });
    expect(report.gaveUp).toBe('deferred');
    expect(ticket?.attempts).toStrictEqual([{ sentAt: 5, code: '14', delay: 1000 }]);
  });

  it.each([0, 99, 1000, 503.5, Number.NaN, '503', Symbol('a'), null, {}])(
    'leave out a status that is none: %p',
    async (status) => {
      const { report, ticket } = await deferredAfter({ response: { status, headers: {} } });
      expect(report.attempts).toStrictEqual([{ sentAt: 5, delay: 1000 }]);
      expectReadable(report, ticket);
    },
  );

  it('can be read after an error with any code', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyValue,
        fc.constantFrom({}, { message: Symbol('a') }),
        async (code, more) => {
          const { report, ticket } = await deferredAfter({ code, ...more });
          expectReadable(report, ticket);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('can be read after an error with any status', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, anyValue, async (status, code) => {
        const { report, ticket } = await deferredAfter({ code, response: { status, headers: {} } });
        expectReadable(report, ticket);
      }),
      { numRuns: 300 },
    );
  });

  it('can be read of a response with any status that is no failure', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (status) => {
        const api = axios.create({
          adapter: async (config) => ({ status, headers: {}, config }) as AxiosResponse,
        });
        attachRetry(api, { clock: clockAt(() => 5), gate: createGate(), maxRetries: 0 });
        const settled = await api.get('https://api.example/').catch((error: unknown) => error);
        expect(settled).toHaveProperty('status', status);
        const report = retryReport(settled) as RetryReport;
        expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
        expect(report.attempts[0]?.status ?? 100).toBeGreaterThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
  });

  it.each([-5, 0.5, Number.NaN, Number.NEGATIVE_INFINITY, 1e300])(
    'can be read when the clock says %d',
    async (now) => {
      const { report, ticket } = await deferredAfter({}, { clock: clockAt(() => now) });
      expectReadable(report, ticket);
    },
  );

  it('can be read when a wait never ends', async () => {
    const decide = undefined;
    const backoff = () => Number.POSITIVE_INFINITY;
    const { report, ticket } = await deferredAfter({}, { backoff, decide });
    expectReadable(report, ticket);
    expect(report.attempts).toStrictEqual([{ sentAt: 5, delay: 8.64e15 }]);
  });
});

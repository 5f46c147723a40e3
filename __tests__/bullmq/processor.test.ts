import type { AxiosResponse } from 'axios';
import type { ProcessorOptions, Resumer, TicketJob } from '../../src/bullmq/processor.js';
import { createProcessor } from '../../src/bullmq/processor.js';
import type { RetryTicket } from '../../src/deferral/index.js';
import { RetryDeferredError } from '../../src/deferral/index.js';
import type { GiveUpReason } from '../../src/index.js';
import { CONFIG_KEY } from '../../src/request/state.js';
import { cpuTime } from '../support/cpu-time.js';
import { dueTicket, NOW } from '../support/tickets.js';

const HOUR = 3_600_000;

describe('createProcessor', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  const response = { status: 201 } as AxiosResponse;

  interface Case extends ProcessorOptions {
    readonly ticket?: unknown;
    readonly resume?: Resumer['resume'];
  }

  /** Processes a job, and records the calls in their order. */
  async function process({ ticket = dueTicket(), resume, ...options }: Case) {
    const calls: unknown[] = [];
    const job: TicketJob = {
      data: ticket as RetryTicket,
      updateData: async (data) => void calls.push(['updateData', data]),
      moveToDelayed: async (at, token) => void calls.push(['moveToDelayed', at, token]),
    };
    const deferral: Resumer = {
      resume: (...args) => {
        calls.push(['resume', ...args]);
        return resume?.(...args) ?? Promise.resolve(response);
      },
    };
    const { signal } = new AbortController();
    const processor = createProcessor(deferral, options);
    const [value, error] = await processor(job, 'token', signal).then(
      (value) => [value, undefined],
      (error: unknown) => [undefined, error],
    );
    return { calls, job, value, error, signal };
  }

  /** The error of a request that gave up, as far as its report tells. */
  function failure(gaveUp: GiveUpReason, message = 'Request failed with status code 503'): Error {
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp };
    const config = { [CONFIG_KEY]: { retries: 0, toJSON: () => report } };
    return Object.assign(new Error(message), { config });
  }

  it('resumes the ticket with the signal of the worker', async () => {
    const { calls, value, signal } = await process({});
    expect(calls).toEqual([['resume', dueTicket(), { signal }]]);
    expect(value).toEqual({ status: 201 });
  });

  it('has three parameters, or BullMQ would not pass the signal', () => {
    expect(createProcessor({ resume: jest.fn() })).toHaveLength(3);
  });

  it('passes the config to resume; its signal replaces that of the worker', async () => {
    const { signal } = new AbortController();
    const { calls } = await process({ config: { timeout: 5, signal } });
    expect(calls).toEqual([['resume', expect.anything(), { timeout: 5, signal }]]);
  });

  it('returns the result of onResponse', async () => {
    const onResponse = jest.fn().mockResolvedValue('kept');
    const { job, value } = await process({ onResponse });
    expect(value).toBe('kept');
    expect(onResponse).toHaveBeenCalledWith(response, job);
  });

  it('throws the error of onResponse unchanged, so that attempts applies', async () => {
    const error = new Error('disk full');
    const onResponse = () => Promise.reject(error);
    expect((await process({ onResponse })).error).toBe(error);
  });

  it('delays a job again that is much too early', async () => {
    const notBefore = NOW + 5000.4;
    const { calls, error } = await process({ ticket: dueTicket({ notBefore }) });
    expect(calls).toEqual([['moveToDelayed', NOW + 5001, 'token']]);
    expect(error).toMatchObject({ name: 'DelayedError', message: 'DelayedError' });
  });

  it('resumes a ticket that is a little early', async () => {
    const { calls } = await process({ ticket: dueTicket({ notBefore: NOW + 5000 }) });
    expect(calls).toEqual([['resume', expect.anything(), expect.anything()]]);
  });

  it('writes the next ticket into the job, then delays the job', async () => {
    const next = dueTicket({ retries: 1, notBefore: NOW + HOUR });
    const resume = () => Promise.reject(new RetryDeferredError(next, {}));
    const { calls, error } = await process({ resume });
    expect(calls.slice(1)).toEqual([
      ['updateData', next],
      ['moveToDelayed', NOW + HOUR, 'token'],
    ]);
    expect(error).toMatchObject({ name: 'DelayedError' });
  });

  it('fails a job for good, with the report, if its request will not be sent again', async () => {
    const cause = failure('max-retries');
    const { error } = await process({ resume: () => Promise.reject(cause) });
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp: 'max-retries' };
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause, report });
    expect((error as Error).message).toBe(
      `Request failed with status code 503; ${JSON.stringify(report)}`,
    );
  });

  it.each([
    ['connect to https://me:secret@a.example/b', 'connect to https:…@a.example/b'],
    ['me:secret@a, you:secret@b', 'me:…@b'],
    ['@ https://a.example/', '@ https://a.example/'],
    [':'.repeat(200_000), ':'.repeat(200_000)],
    [`@${':'.repeat(200_000)}`, `@${':'.repeat(200_000)}`],
  ])('shows no user info of a URL in the message: %.50s', async (message, shown) => {
    const start = cpuTime();
    const resume = () => Promise.reject(failure('max-retries', message));
    const { error } = await process({ resume });
    expect((error as Error).message.split(';')[0]).toBe(shown);
    jest.restoreAllMocks();
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  it.each<[string, Error]>([
    ['an error of something else than the request', new Error('no token')],
    ['an abort', failure('canceled', 'canceled')],
  ])('throws %s unchanged, so that attempts applies', async (_what, thrown) => {
    expect((await process({ resume: () => Promise.reject(thrown) })).error).toBe(thrown);
  });

  it.each<[string, unknown, RegExp]>([
    ['null', null, /parseTicket: the ticket takes an object/],
    ['a ticket of another version', dueTicket({ version: 2 as 1 }), /ticket\.version takes 1/],
    ['a ticket with a credential', dueTicket({ headers: { Cookie: 'a' } }), /no credential/],
  ])('fails a job for good whose data is %s', async (_what, ticket, message) => {
    const { calls, error } = await process({ ticket });
    expect(calls).toEqual([]);
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause: expect.any(TypeError) });
    expect((error as Error).message).toMatch(message);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    [
      'undefined',
      undefined,
      {},
      /createProcessor takes a deferral made by createDeferral; got undef/,
    ],
    [
      'an object that is not a deferral',
      {},
      {},
      /createProcessor takes a deferral made by createDeferral; got/,
    ],
    ['an unknown option', { resume() {} }, { on: 1 }, /createProcessor: unknown option "on"/],
  ])('refuses %s', (_what, deferral, options, message) => {
    const make = createProcessor as (deferral: unknown, options: unknown) => unknown;
    expect(() => make(deferral, options)).toThrow(TypeError);
    expect(() => make(deferral, options)).toThrow(message);
  });
});

import type { AxiosResponse } from 'axios';
import type { ProcessorOptions, Resumer, TicketJob } from '../../src/bullmq/processor.js';
import { createProcessor } from '../../src/bullmq/processor.js';
import type { RetryTicket } from '../../src/deferral/index.js';
import { RetryDeferredError } from '../../src/deferral/index.js';
import type { GiveUpReason } from '../../src/index.js';
import { CONFIG_KEY } from '../../src/request/state.js';
import { dueTicket, NOW } from '../support/tickets.js';

const HOUR = 3_600_000;

describe('createProcessor', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  const answer = { status: 201 } as AxiosResponse;

  interface Case extends ProcessorOptions {
    readonly ticket?: unknown;
    readonly resume?: Resumer['resume'];
  }

  /** Has a job processed, and tells what was done in which order. */
  async function process({ ticket = dueTicket(), resume, ...options }: Case) {
    const done: unknown[] = [];
    const job: TicketJob = {
      data: ticket as RetryTicket,
      updateData: async (data) => void done.push(['updateData', data]),
      moveToDelayed: async (at, token) => void done.push(['moveToDelayed', at, token]),
    };
    const deferral: Resumer = {
      resume: (...args) => {
        done.push(['resume', ...args]);
        return resume?.(...args) ?? Promise.resolve(answer);
      },
    };
    const { signal } = new AbortController();
    const processor = createProcessor(deferral, options);
    const [value, error] = await processor(job, 'token', signal).then(
      (value) => [value, undefined],
      (error: unknown) => [undefined, error],
    );
    return { done, job, value, error, signal };
  }

  /** What a request fails with, as far as a report tells. */
  function failure(gaveUp: GiveUpReason, message = 'Request failed with status code 503'): Error {
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp };
    const config = { [CONFIG_KEY]: { retries: 0, toJSON: () => report } };
    return Object.assign(new Error(message), { config });
  }

  it('resumes the ticket, with the signal of the worker', async () => {
    const { done, value, signal } = await process({});
    expect(done).toEqual([['resume', dueTicket(), { signal }]]);
    expect(value).toEqual({ status: 201 });
  });

  it('has a third parameter, for which a worker gives its signal', () => {
    expect(createProcessor({ resume: jest.fn() })).toHaveLength(3);
  });

  it('gives the config to resume; a signal in it comes first', async () => {
    const { signal } = new AbortController();
    const { done } = await process({ config: { timeout: 5, signal } });
    expect(done).toEqual([['resume', expect.anything(), { timeout: 5, signal }]]);
  });

  it('makes what onResponse returns the value of the job', async () => {
    const onResponse = jest.fn().mockResolvedValue('kept');
    const { job, value } = await process({ onResponse });
    expect(value).toBe('kept');
    expect(onResponse).toHaveBeenCalledWith(answer, job);
  });

  it('leaves what onResponse throws to attempts', async () => {
    const full = new Error('disk full');
    const onResponse = () => Promise.reject(full);
    expect((await process({ onResponse })).error).toBe(full);
  });

  it('puts a job back, unsent, whose time is far', async () => {
    const notBefore = NOW + 5000.4;
    const { done, error } = await process({ ticket: dueTicket({ notBefore }) });
    expect(done).toEqual([['moveToDelayed', NOW + 5001, 'token']]);
    expect(error).toMatchObject({ name: 'DelayedError', message: 'DelayedError' });
  });

  it('lets resume wait for a time that is near', async () => {
    const { done } = await process({ ticket: dueTicket({ notBefore: NOW + 5000 }) });
    expect(done).toEqual([['resume', expect.anything(), expect.anything()]]);
  });

  it('writes the next ticket into the job, then puts it back', async () => {
    const next = dueTicket({ retries: 1, notBefore: NOW + HOUR });
    const resume = () => Promise.reject(new RetryDeferredError(next, {}));
    const { done, error } = await process({ resume });
    expect(done.slice(1)).toEqual([
      ['updateData', next],
      ['moveToDelayed', NOW + HOUR, 'token'],
    ]);
    expect(error).toMatchObject({ name: 'DelayedError' });
  });

  it('fails a job for good whose request is not sent any more, with the report', async () => {
    const cause = failure('max-retries');
    const { error } = await process({ resume: () => Promise.reject(cause) });
    const report = { attempts: [{ sentAt: NOW, status: 503 }], gaveUp: 'max-retries' };
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause, report });
    expect((error as Error).message).toBe(
      `Request failed with status code 503; ${JSON.stringify(report)}`,
    );
  });

  it.each<[string, Error]>([
    ['what is no failure of the request', new Error('no token')],
    ['an abort', failure('canceled', 'canceled')],
  ])('leaves %s to attempts', async (_what, thrown) => {
    expect((await process({ resume: () => Promise.reject(thrown) })).error).toBe(thrown);
  });

  it.each<[string, unknown, RegExp]>([
    ['no ticket', null, /parseTicket: the ticket takes an object/],
    ['a ticket of another version', dueTicket({ version: 2 as 1 }), /ticket\.version takes 1/],
    ['a ticket with a credential', dueTicket({ headers: { Cookie: 'a' } }), /no credential/],
  ])('fails a job for good that holds %s', async (_what, ticket, message) => {
    const { done, error } = await process({ ticket });
    expect(done).toEqual([]);
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause: expect.any(TypeError) });
    expect((error as Error).message).toMatch(message);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    [
      'no deferral',
      undefined,
      {},
      /createProcessor takes a deferral made by createDeferral; got undef/,
    ],
    ['what is no deferral', {}, {}, /createProcessor takes a deferral made by createDeferral; got/],
    ['an unknown option', { resume() {} }, { on: 1 }, /createProcessor: unknown option "on"/],
  ])('refuses %s', (_what, deferral, options, message) => {
    const make = createProcessor as (deferral: unknown, options: unknown) => unknown;
    expect(() => make(deferral, options)).toThrow(TypeError);
    expect(() => make(deferral, options)).toThrow(message);
  });
});

// The delays of axios-retry, beside its ours.
import type { AxiosResponse } from 'axios';
import { AxiosError } from 'axios';
import * as theirs from 'axios-retry';
import * as ours from '../../src/axios-retry/index.js';

function answered(headers: Record<string, string>): AxiosError {
  const error = new AxiosError('failed');
  error.response = { status: 429, headers } as unknown as AxiosResponse;
  return error;
}

const waiting = answered({ 'retry-after': '10' });

describe.each([
  ['axios-retry', theirs],
  ['axios-status-retry/axios-retry', ours],
])('%s', (_name, { exponentialDelay, linearDelay, retryAfter }) => {
  it.each([
    [undefined, 0],
    [new AxiosError('no response'), 0],
    [answered({}), 0],
    [waiting, 10_000],
    [answered({ 'retry-after': 'a while' }), 0],
    [answered({ 'retry-after': '-10' }), 0],
    [answered({ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }), 0],
  ])('retryAfter reads seconds: %#', (error, delay) => {
    expect(retryAfter(error)).toBe(delay);
  });

  it('retryAfter reads a date', () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const delay = retryAfter(answered({ 'retry-after': date }));
    expect(delay).toBeGreaterThan(58_000);
    expect(delay).toBeLessThanOrEqual(60_000);
  });

  it('exponentialDelay doubles, and adds up to 20 %', () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    expect([1, 2, 3, 10].map((n) => exponentialDelay(n))).toEqual([200, 400, 800, 102_400]);
    expect([exponentialDelay(), exponentialDelay(1, undefined, 50)]).toEqual([100, 100]);
    expect(exponentialDelay(1, waiting)).toBe(10_000);
    random.mockReturnValue(1);
    expect([exponentialDelay(1), exponentialDelay(1, waiting)]).toEqual([240, 12_000]);
  });

  it('linearDelay grows by its factor', () => {
    expect([1, 2, 3].map((n) => linearDelay()(n, undefined))).toEqual([100, 200, 300]);
    expect([1, 2, 3].map((n) => linearDelay(30)(n, undefined))).toEqual([30, 60, 90]);
    expect(linearDelay()(1, waiting)).toBe(10_000);
  });
});

it('noDelay waits for Retry-After only', () => {
  expect([ours.noDelay(), ours.noDelay(3), ours.noDelay(1, waiting)]).toEqual([0, 0, 10_000]);
});

it('are properties of the default export', () => {
  const { exponentialDelay, linearDelay, noDelay } = ours;
  expect({ ...ours.default }).toMatchObject({ exponentialDelay, linearDelay, noDelay });
});

it('the dates of Retry-After are corrected by the clock of the server', () => {
  const [sentAt, retryAt] = [Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1, 0, 1)];
  const headers = {
    date: new Date(sentAt).toUTCString(),
    'retry-after': new Date(retryAt).toUTCString(),
  };
  expect([theirs.retryAfter(answered(headers)), ours.retryAfter(answered(headers))]).toEqual([
    0, 60_000,
  ]);
});

// The conditions of axios-retry, beside its ours.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError } from 'axios';
import * as theirs from 'axios-retry';
import * as ours from '../../src/axios-retry/index.js';

const CONDITIONS = [
  'isNetworkError',
  'isRetryableError',
  'isSafeRequestError',
  'isIdempotentRequestError',
  'isNetworkOrIdempotentRequestError',
] as const;

const [own, peer] = [{ ...ours }, { ...theirs }];

const METHODS = ['get', 'head', 'options', 'put', 'delete', 'post', 'patch', undefined];
const CODES = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ENOTFOUND',
  'ENETUNREACH',
  undefined,
];
const STATUSES = [undefined, 200, 404, 429, 499, 500, 503, 599, 600];

/** Every error of one method, code and status, and one without a config. */
function* errors(codes: readonly (string | undefined)[]) {
  for (const method of METHODS) {
    for (const code of codes) {
      for (const status of STATUSES) {
        const error = new AxiosError('failed', code);
        if (method) error.config = { method } as InternalAxiosRequestConfig;
        if (status) error.response = { status } as AxiosResponse;
        yield { error, facts: [method, code, status] };
      }
    }
  }
}

describe.each(CONDITIONS)('%s', (name) => {
  it('is true for the errors for which it is true in axios-retry', () => {
    const all = [...errors(CODES)].filter(
      ({ error }) => !(error.code === undefined && !error.response),
    );
    const differing = all.filter(({ error }) => own[name](error) !== peer[name](error));
    expect(differing.map(({ facts }) => facts)).toEqual([]);
  });

  it.each([
    'ERR_CANCELED',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_FR_TOO_MANY_REDIRECTS',
    'ERR_BAD_REQUEST',
  ])('is false for %s without a response, which a retry would meet again', (code) => {
    const wanted = [...errors([code])].filter(({ error }) => !error.response && own[name](error));
    expect(wanted).toEqual([]);
  });

  it('is a property of the default export', () => {
    expect(ours.default[name]).toBe(own[name]);
  });
});

it('isNetworkError is false for an error without a code', () => {
  expect(ours.isNetworkError(new Error('mine'))).toBe(false);
});

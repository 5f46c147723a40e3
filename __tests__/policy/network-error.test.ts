import { AxiosError } from 'axios';
import { errorCode, isIdempotent, isTransient } from '../../src/policy/network-error.js';
import { cpuTime } from '../support/cpu-time.js';

describe('a method', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'])(
    '%s is idempotent, in either letter case',
    (method) => {
      expect(isIdempotent(method)).toBe(true);
      expect(isIdempotent(method.toLowerCase())).toBe(true);
    },
  );

  it.each(['POST', 'patch', 'CONNECT', 'PURGE', 'GETS', 'TARGET', '', ' GET'])(
    '%j is not idempotent',
    (method) => {
      expect(isIdempotent(method)).toBe(false);
    },
  );
});

describe('a transient network error', () => {
  it.each([
    undefined,
    '',
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'ETIMEDOUT',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ERR_NETWORK',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_HTTP2_STREAM_ERROR',
    'UND_ERR_SOCKET',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'SOMETHING_NEW',
    'NEW_ERR_BAD_LUCK',
    'HOSTNAME_MISMATCH_ONCE',
  ])('has the code %s', (code) => {
    expect(isTransient(code)).toBe(true);
  });

  it('may be a truncated response', () => {
    expect(isTransient('ERR_BAD_RESPONSE', 200)).toBe(true);
    expect(isTransient('ECONNRESET', 200)).toBe(true);
  });
});

describe('a permanent network error', () => {
  it.each([
    'ERR_FR_TOO_MANY_REDIRECTS',
    'HPE_HEADER_OVERFLOW',
    'UND_ERR_HEADERS_OVERFLOW',
    'ERR_FR_MAX_BODY_LENGTH_EXCEEDED',
    'ERR_FR_REDIRECTION_FAILURE',
    'ERR_BAD_RESPONSE',
    'ERR_BAD_REQUEST',
    'ERR_BAD_OPTION',
    'ERR_BAD_OPTION_VALUE',
    'ERR_NOT_SUPPORT',
    'ERR_DEPRECATED',
    'ERR_CANCELED',
    'ERR_FORM_DATA_DEPTH_EXCEEDED',
    'ERR_INVALID_URL',
    'ERR_INVALID_PROTOCOL',
    'ERR_INVALID_CHAR',
    'ERR_INVALID_REQUEST',
    'ERR_UNESCAPED_CHARACTERS',
    'ERR_HTTP_INVALID_HEADER_VALUE',
    'ERR_HTTP_INVALID_STATUS_CODE',
    'ERR_UNKNOWN_SCHEME',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'HOSTNAME_MISMATCH',
    'TooManyRedirects',
  ])('has the code %s', (code) => {
    expect(isTransient(code)).toBe(false);
  });

  it('includes any of Axios’s own codes except those of the network and timeouts', () => {
    const codes = Object.keys(AxiosError).filter((name) => /^E[A-Z_]+$/.test(name));
    expect(codes.length).toBeGreaterThan(10);
    const transient = codes.filter((code) => isTransient(code)).sort();
    const expected = ['ECONNABORTED', 'ECONNREFUSED', 'ERR_NETWORK', 'ETIMEDOUT'];
    expect(transient).toEqual(expected.filter((code) => codes.includes(code)));
  });
});

describe('the code of an error without one', () => {
  it('is found in linear time, however long its message is', () => {
    const start = cpuTime();
    const error = new AxiosError("scheme '".repeat(50_000));
    expect(errorCode(error)).toBeUndefined();
    expect(errorCode(new AxiosError(`${error.message}ftp' not supported`))).toBe(
      'ERR_INVALID_REQUEST',
    );
    expect(cpuTime() - start).toBeLessThan(2000);
  });
});

describe('an aborted response, to which Axios gives the code of a bad one', () => {
  const codeWith = (config?: object): string | undefined =>
    errorCode(Object.assign(new AxiosError('aborted', 'ERR_BAD_RESPONSE'), { config }));

  it.each([undefined, {}, { maxContentLength: -1 }])('was cut off with the config %j', (config) => {
    expect(codeWith(config)).toBe('ECONNRESET');
  });

  it.each([{ maxContentLength: 0 }, { maxContentLength: 2000 }])(
    'may be over the limit with the config %j',
    (config) => {
      expect(codeWith(config)).toBe('ERR_BAD_RESPONSE');
    },
  );
});

it('a port that fetch blocks is a permanent error, known by its message', () => {
  const cause = new Error('port 6000 is blocked');
  const error = Object.assign(new AxiosError('fetch failed', 'ERR_NETWORK'), { cause });
  expect(errorCode(error)).toBe('ERR_INVALID_REQUEST');
});

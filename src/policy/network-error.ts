// Tells network errors that may pass from those that will not.
import type { AxiosError } from 'axios';

/** RFC 9110 §9.2.2, and QUERY, which is safe and therefore idempotent. */
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|TRACE|PUT|DELETE|QUERY)$/i;

/**
 * Errors that a retry would only meet again: too many redirects, a body over its limit, a bad URL,
 * protocol or option, an invalid certificate.
 */
const NON_RETRYABLE_CODE =
  /CERT|^(ERR_(FR_|BAD_|(HTTP_)?INVALID_|UNESCAPED_|NOT_SUPPORT|DEPRECATED|CANCELED|FORM_DATA_|TLS_|SSL_|UNKNOWN_SCHEME)|UNABLE_TO_|UND_ERR_(RES_EXCEEDED|HEADERS_OVERFLOW)|(HPE_HEADER_OVERFLOW|HOSTNAME_MISMATCH|TooManyRedirects)$)/;

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.test(method);
}

/**
 * Whether a retry may succeed after a network error.
 *
 * @param code - The error's code; unknown and missing codes count as transient.
 * @param status - The 2xx of a response that was cut off, which is transient.
 */
export function isTransient(code: string | undefined, status?: number): boolean {
  if (code === 'ERR_BAD_RESPONSE') return status !== undefined;
  return code === undefined || !NON_RETRYABLE_CODE.test(code);
}

/** Messages of fetch in Node and Deno, without a code, for errors that a retry would only meet again. */
const NON_RETRYABLE_MESSAGE =
  /unknown scheme|scheme '[^']*' not supported|bad port|port \d+ (is|are) blocked|redirect count|of redirects|cannot have body/;

/**
 * The code of a network error. fetch has it in a `cause`, or none at all. A response that was cut off
 * has no code of its own: on http, Axios gives it the code of a body that cannot be parsed and, in
 * older versions, of a body over its limit.
 */
export function errorCode(error: AxiosError): string | undefined {
  const { code, response } = error;
  if (code === undefined || code === 'ERR_NETWORK') {
    const cause = (error.cause ?? {}) as {
      code?: unknown;
      message?: unknown;
      cause?: { code?: unknown };
    };
    const found = cause.code ?? cause.cause?.code;
    if (typeof found === 'string') return found;
    const isPermanent = NON_RETRYABLE_MESSAGE.test(`${error.message} ${cause.message}`);
    return isPermanent ? 'ERR_INVALID_REQUEST' : code;
  }
  if (code !== 'ERR_BAD_RESPONSE') return code;
  // A complete body that cannot be parsed will not parse the next time either.
  if (error.name === 'SyntaxError') return response ? undefined : code;
  return response || (error.config?.maxContentLength ?? -1) > -1 ? code : 'ECONNRESET';
}

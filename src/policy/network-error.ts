import type { AxiosError } from 'axios';

/** RFC 9110 §9.2.2, and QUERY, which is safe and so idempotent. */
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|TRACE|PUT|DELETE|QUERY)$/i;

/**
 * Codes of errors that sending again cannot mend: too many redirects, a body over its limit, a bad
 * URL, protocol or option, a certificate that does not hold.
 */
const NON_RETRYABLE_CODE =
  /^ERR_(FR_|BAD_|INVALID_|UNESCAPED_|NOT_SUPPORT|DEPRECATED|CANCELED|FORM_DATA_|TLS_|SSL_|UNKNOWN_SCHEME|HTTP_INVALID_)|CERT|^UNABLE_TO_|^HPE_HEADER_OVERFLOW$|^UND_ERR_RES_EXCEEDED|^HOSTNAME_MISMATCH$|^TooManyRedirects$/;

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.test(method);
}

/**
 * Whether a network error may pass by itself.
 *
 * @param code - The error's code; an unknown or absent one may pass.
 * @param status - A 2xx where the answer had begun and was cut off: that may pass.
 */
export function isTransient(code: string | undefined, status?: number): boolean {
  if (code === 'ERR_BAD_RESPONSE') return status !== undefined;
  return code === undefined || !NON_RETRYABLE_CODE.test(code);
}

/** What fetch says in Node and in Deno, without a code, where sending again cannot help. */
const NON_RETRYABLE_MESSAGE =
  /unknown scheme|scheme '.*' not supported|bad port|port \d+ (is|are) blocked|redirect count|of redirects|cannot have body/;

/**
 * What kind of network error it was. fetch has the code in a `cause`, or none. A body cut off has
 * none of its own on http, but shares one with a body over its limit (in older Axios) and one that cannot
 * be parsed.
 */
export function errorCode({
  code,
  name,
  message,
  cause,
  config,
  response,
}: AxiosError): string | undefined {
  if (code === undefined || code === 'ERR_NETWORK') {
    const inner = (cause ?? {}) as {
      code?: unknown;
      message?: unknown;
      cause?: { code?: unknown };
    };
    const found = inner.code ?? inner.cause?.code;
    if (typeof found === 'string') return found;
    return NON_RETRYABLE_MESSAGE.test(`${message} ${inner.message}`) ? 'ERR_INVALID_REQUEST' : code;
  }
  if (code !== 'ERR_BAD_RESPONSE') return code;
  // What came whole but cannot be parsed will not parse the next time either.
  if (name === 'SyntaxError') return response ? undefined : code;
  return response || (config?.maxContentLength ?? -1) > -1 ? code : 'ECONNRESET';
}

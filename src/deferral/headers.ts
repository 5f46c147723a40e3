// Which request headers a ticket may hold.
import { TOKEN } from '../util/headers.js';
import { invalidArgument } from '../util/validate.js';

/** Headers that describe the request and the wanted response, but not who sends it. */
const ALLOWED = /^(accept|accept-.*|content-type|content-language|if-.*|prefer|idempotency-key)$/i;

/** Headers that a ticket never holds. */
export const CREDENTIAL = /^((proxy-)?authorization|(set-)?cookie)$/i;

/** What the option `headers` takes. */
export const HEADER_NAMES = "an array of header names, such as ['X-Tenant']";

/**
 * Creates the check of a header's name.
 *
 * @param more - Names that are allowed besides the usual ones, in any letter case.
 * @throws {RangeError} When a name is not a token (RFC 9110 §5.6.2), or is that of a credential.
 */
export function createHeaderFilter(more: readonly string[] = []): (name: string) => boolean {
  const where = 'createDeferral: option "headers"';
  for (const name of more) {
    if (!TOKEN.test(name)) throw invalidArgument(where, HEADER_NAMES, name, RangeError);
    if (CREDENTIAL.test(name)) {
      throw invalidArgument(where, 'no names of credentials', name, RangeError);
    }
  }
  const names = new Set(more.map((name) => name.toLowerCase()));
  return (name) => ALLOWED.test(name) || names.has(name.toLowerCase());
}

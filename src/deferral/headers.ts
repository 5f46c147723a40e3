import { TOKEN } from '../util/headers.js';
import { invalidArgument } from '../util/validate.js';

/** Headers that say what is asked for and what is sent, and nothing of who asks. */
const ALLOWED = /^(accept|accept-.*|content-type|content-language|if-.*|prefer|idempotency-key)$/i;

const CREDENTIALS = /^(authorization|proxy-authorization|cookie|set-cookie)$/i;

export function isCredential(name: string): boolean {
  return CREDENTIALS.test(name);
}

/**
 * Which headers a ticket may hold.
 *
 * @param more - Names beside the usual ones, in any letter case.
 * @throws {TypeError} When it is no array of strings.
 * @throws {RangeError} When a name is no token, or that of a credential.
 */
export function createHeaderFilter(more: readonly string[] = []): (name: string) => boolean {
  const what = 'createDeferral: option "headers"';
  const takes = "an array of header names, such as ['X-Tenant']";
  if (!Array.isArray(more) || !more.every((name) => typeof name === 'string')) {
    throw invalidArgument(what, takes, more);
  }
  for (const name of more) {
    if (!TOKEN.test(name)) throw invalidArgument(what, takes, name, RangeError);
    if (isCredential(name))
      throw invalidArgument(what, 'no names of credentials', name, RangeError);
  }
  const names = new Set(more.map((name) => name.toLowerCase()));
  return (name) => ALLOWED.test(name) || names.has(name.toLowerCase());
}

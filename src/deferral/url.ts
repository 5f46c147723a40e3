// The URL of a ticket: absolute, without credentials.
import type { RetryCall } from '../core/extensions.js';
import { joinUrl, usesBaseUrl, withoutSlash, withoutUserInfo } from '../request/url.js';

/**
 * The URL that Axios sends a call to, without user info, fragment and `params`. Params that are
 * `URLSearchParams` are included.
 *
 * @param omitParams - Names of query parameters to leave out. `name` leaves out `name[…]` too.
 * @returns Undefined if it is not an http(s) URL.
 */
export function absoluteUrl(call: RetryCall, omitParams: readonly string[]): string | undefined {
  const url = String(call.get('url') ?? '');
  const base = String(call.get('baseURL') ?? '');
  const isJoined = usesBaseUrl(url, base, call.get('allowAbsoluteUrls'));
  const target = parseHttpUrl(isJoined ? joinUrl(base, url) : url);
  // After a base, user info would be a part of the path.
  if (!target || (isJoined && withoutUserInfo(url) !== url)) return undefined;
  const params = call.get('params');
  const query = [target.search.slice(1), params instanceof URLSearchParams ? String(params) : '']
    .filter(Boolean)
    .join('&')
    .split('&')
    .filter((pair) => !isOmitted(pair, omitParams))
    .join('&');
  removeSecrets(target);
  // The setter removes one `?`. A second one belongs to the query.
  target.search = query && `?${query}`;
  return target.href;
}

/**
 * A base URL in the form that the URLs of tickets have.
 *
 * @returns Undefined if it is not an http(s) URL. On a page, a relative base is resolved against
 *   the page's URL.
 */
export function normalizedBase(baseURL: unknown): string | undefined {
  const base = parseHttpUrl(String(baseURL ?? ''));
  return base && removeSecrets(base).href;
}

/**
 * A ticket's URL, relative to a base.
 *
 * @returns Undefined if the URL is not below the base, or if joining the two again would not give
 *   the same URL.
 */
export function relativeToBase(url: string, baseURL: unknown): string | undefined {
  const base = withoutSlash(normalizedBase(baseURL) ?? '');
  if (!baseURL || base === '' || !url.startsWith(`${base}/`)) return undefined;
  const relative = url.slice(base.length);
  // `//x` would be another host, and the base may end in a query or a fragment.
  const isSame = normalizedBase(joinUrl(String(baseURL), relative)) === url;
  return isSame && !relative.startsWith('//') ? relative : undefined;
}

/** Whether a query parameter is `name` or a part of it: `name[…]`. */
export function matchesParam(param: string, name: string): boolean {
  return param === name || param.startsWith(`${name}[`);
}

function parseHttpUrl(url: string): URL | undefined {
  const pageUrl = (globalThis as { location?: { href?: string } }).location?.href;
  try {
    const parsed = new URL(url, pageUrl);
    return /^https?:$/.test(parsed.protocol) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Removes user info. A fragment is never sent, and may hold a secret too. */
function removeSecrets(url: URL): URL {
  url.username = url.password = url.hash = '';
  return url;
}

/** Whether a pair of a query, `name=value`, has one of these names. */
function isOmitted(pair: string, names: readonly string[]): boolean {
  // The constructor removes one `?`. A second one belongs to the name.
  const [param = ''] = new URLSearchParams(`?${pair}`).keys();
  return names.some((name) => matchesParam(param, name));
}

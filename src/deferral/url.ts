import type { RetryCall } from '../core/extensions.js';
import { joinUrl, usesBaseUrl } from '../request/url.js';

/** The page that relative URLs are relative to, if there is one. */
function pageUrl(): string | undefined {
  return (globalThis as { location?: { href?: string } }).location?.href;
}

/** Undefined where it is no http(s) URL. */
function parse(url: string): URL | undefined {
  try {
    const parsed = new URL(url, pageUrl());
    return /^https?:$/.test(parsed.protocol) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where a call is sent, as a ticket has it: absolute, without user info and fragment. `params` that are
 * `URLSearchParams` are in it.
 *
 * @param omit - Query parameters that are left out; also `name[…]`.
 */
export function absoluteUrl(call: RetryCall, omit: readonly string[]): string | undefined {
  const [url, base] = [call.get('url'), call.get('baseURL')].map((one) => String(one ?? ''));
  const isJoined = usesBaseUrl(url as string, base as string, call.get('allowAbsoluteUrls'));
  const target = parse(isJoined ? joinUrl(base as string, url as string) : (url as string));
  if (!target || (isJoined && hasUserInfo(url as string))) return undefined;
  const params = call.get('params');
  const query = [target.search.slice(1), params instanceof URLSearchParams ? String(params) : '']
    .filter(Boolean)
    .join('&')
    .split('&')
    .filter((pair) => !isOmitted(pair, omit))
    .join('&');
  target.username = target.password = target.hash = '';
  // A `?` that begins the query itself would be dropped.
  target.search = query && `?${query}`;
  return target.href;
}

/** Also in a URL that only Axios takes for relative: by white space, backslashes or `allowAbsoluteUrls`. */
function hasUserInfo(url: string): boolean {
  try {
    const { username, password } = new URL(url, 'http://localhost');
    return username + password !== '';
  } catch {
    return false;
  }
}

function isOmitted(pair: string, omit: readonly string[]): boolean {
  // After a `?`, as one that begins the name would be dropped.
  const [name = ''] = new URLSearchParams(`?${pair}`).keys();
  return omit.some((omitted) => matchesParam(name, omitted));
}

/** Whether it is the parameter of that name, or a part of it: `name[…]`. */
export function matchesParam(param: string, name: string): boolean {
  return param === name || param.startsWith(`${name}[`);
}

/** The base URL of an instance, as a ticket would have it; the page's where it has none. */
export function normalizedBase(baseURL: unknown): string | undefined {
  const base = parse(String(baseURL ?? ''));
  if (!base) return undefined;
  base.username = base.password = base.hash = '';
  return base.href;
}

/** A target as the caller of an instance with that base would give it: relative, where it lies below. */
export function relativeToBase(target: string, baseURL: unknown): string | undefined {
  const base = normalizedBase(baseURL)?.replace(/\/+$/, '');
  if (!baseURL || base === undefined || !target.startsWith(`${base}/`)) return undefined;
  const relative = target.slice(base.length);
  // With two slashes it would be another host's, and not all that a base may end with is a path.
  const isSame = normalizedBase(joinUrl(String(baseURL), relative)) === target;
  return isSame && !relative.startsWith('//') ? relative : undefined;
}

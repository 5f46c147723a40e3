// The origin that a request goes to.
import type { RetryCall } from '../core/extensions.js';
import { usesBaseUrl } from '../request/url.js';

/** `http://host:port`, perhaps with user info, or `//host`, which has the protocol of the page. */
const AUTHORITY = /^\s*([a-z][a-z\d+.-]*:)?[\\/]{2,}[^\\/?#]*/i;

/** The cache is cleared when it holds more. */
const MAX_ORIGINS = 1000;

/** The origins of requests, cached: parsing a URL takes longer than everything else a gate does. */
export class OriginCache {
  readonly #known = new Map<string, string>();
  // Nearly all requests of an instance have the same base URL.
  #lastBase = '';
  #lastOrigin = '';

  /** `https://example.com`; `''` for a relative URL outside a browser. */
  of(call: RetryCall): string {
    const socketPath = call.get('socketPath');
    if (typeof socketPath === 'string') return `unix:${socketPath}`;
    const url = String(call.get('url') ?? '');
    const base = String(call.get('baseURL') ?? '');
    if (!usesBaseUrl(url, base, call.get('allowAbsoluteUrls'))) return this.#origin(url);
    if (base !== this.#lastBase) {
      this.#lastOrigin = this.#origin(base);
      this.#lastBase = base;
    }
    return this.#lastOrigin;
  }

  #origin(url: string): string {
    const authority = AUTHORITY.exec(url)?.[0] ?? '';
    const known = this.#known.get(authority);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_ORIGINS) this.#known.clear();
    const origin = originOf(authority);
    this.#known.set(authority, origin);
    return origin;
  }
}

function originOf(authority: string): string {
  const { location } = globalThis as { location?: { href?: string; origin?: string } };
  if (authority === '') return location?.origin ?? '';
  try {
    return new URL(authority, location?.href ?? 'http://localhost').origin;
  } catch {
    // Axios cannot send it either.
    return '';
  }
}

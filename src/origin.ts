import type { RetryCall } from './ports.js';

/** `http://host:port`, with whatever user info; or `//host`, whose protocol is the page's. */
const AUTHORITY = /^\s*([a-z][a-z\d+.-]*:)?[\\/]{2,}[^\\/?#]*/i;

/** What Axios takes for absolute, and does not put after a base. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/** Whether Axios puts a URL after a base. */
export function isBelowBase(url: string, base: string, allowAbsoluteUrls: unknown): boolean {
  return base !== '' && (!ABSOLUTE.test(url) || allowAbsoluteUrls === false);
}

/** So many are remembered; there may be any number of them. */
const REMEMBERED = 1000;

/** The origins of requests, as Axios makes their URLs. Parsing one takes longer than all else a gate does. */
export class Origins {
  readonly #known = new Map<string, string>();
  // Nearly all requests of an instance have the same base.
  #lastBase = '';
  #lastOrigin = '';

  /** `https://example.com`; `''` for a relative URL where there is no page it is relative to. */
  of(call: RetryCall): string {
    const socketPath = call.given('socketPath');
    if (typeof socketPath === 'string') return `unix:${socketPath}`;
    const url = String(call.given('url') ?? '');
    const base = String(call.given('baseURL') ?? '');
    if (!isBelowBase(url, base, call.given('allowAbsoluteUrls'))) return this.#origin(url);
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
    if (this.#known.size >= REMEMBERED) this.#known.clear();
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
    // It will not be sent either.
    return '';
  }
}

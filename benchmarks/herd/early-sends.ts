// Tells sends that come too early: before the end of a Retry-After that their process had been told.

/**
 * On a refusal, the end of its Retry-After by the server's clock, in epoch milliseconds; on a request,
 * the latest such end that its process has been told.
 */
const CLOSED_UNTIL = 'x-closed-until';

/** A timer may fire a millisecond early, and clocks have whole ones. */
const TOLERANCE_MS = 2;

type Headers = Readonly<Record<string, unknown>>;

/** The server's side. */
export function closingHeader(retryAfterMs: number, now = Date.now()): Record<string, string> {
  return { [CLOSED_UNTIL]: String(now + retryAfterMs) };
}

/** The server's side. What was in flight when its process was told is not early. */
export function isEarly(requestHeaders: Headers, now = Date.now()): boolean {
  const told = Number(requestHeaders[CLOSED_UNTIL] ?? 0);
  return now < told - TOLERANCE_MS;
}

/** A client process's side. */
export class ToldClosing {
  #until = 0;

  /** Headers for the next request. */
  headers(): Record<string, string> {
    return this.#until > 0 ? { [CLOSED_UNTIL]: String(this.#until) } : {};
  }

  /** Takes the headers of a response. */
  read(responseHeaders: Headers): void {
    this.#until = Math.max(this.#until, Number(responseHeaders[CLOSED_UNTIL] ?? 0));
  }
}

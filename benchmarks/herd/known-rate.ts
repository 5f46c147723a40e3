// A limit as a client is told it that knows the limit in advance.

/** At most `requests` in any `per` milliseconds. */
export interface KnownRate {
  readonly requests: number;
  readonly per: number;
}

/**
 * The same for a client that measures the time between its sends. The server's window begins when the
 * first request arrives, so the client's has to be longer by what a request takes to arrive at most.
 */
export function withMargin({ requests, per }: KnownRate, marginMs: number): KnownRate {
  return { requests, per: per + marginMs };
}

/** What each of several processes may send, so that together they keep to the rate. */
export function shareOf({ requests, per }: KnownRate, processes: number): KnownRate {
  const share = Math.max(Math.floor(requests / processes), 1);
  return { requests: share, per: (share * processes * per) / requests };
}

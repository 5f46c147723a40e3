import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service says to a request: a status, and maybe Retry-After in seconds. */
export interface Answer {
  readonly status: number;
  readonly retryAfter?: number;
}

/** The limit of many an API: so many requests a second, and so many at once after a pause. */
export function tokenBucket(perSecond: number, burst: number): () => Answer {
  let tokens = burst;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(tokens + ((now - filledAt) / 1000) * perSecond, burst);
    filledAt = now;
    if (tokens < 1) return { status: 429, retryAfter: 1 };
    tokens -= 1;
    return { status: 200 };
  };
}

/** A service on loopback, and what it has seen. */
export interface Service {
  readonly url: string;
  /** Requests that came, and how many of them got no 200. */
  readonly sends: number;
  readonly refused: number;
  close(): void;
}

export async function startService(answer: () => Answer): Promise<Service> {
  let sends = 0;
  let refused = 0;
  // Connections are kept longer than any wait here: an idle one closed in between is not the subject.
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
    const { status, retryAfter } = answer();
    sends += 1;
    if (status !== 200) refused += 1;
    response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end();
  });
  await new Promise<void>((resolve, reject) => {
    // Without a gate all connections are opened at once.
    server.once('error', reject).listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get sends() {
      return sends;
    },
    get refused() {
      return refused;
    },
    close: () => void server.close().closeAllConnections(),
  };
}

// The upstream of every example here: a server on loopback that fails before it works.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A status, or one with headers. */
export type Answer = number | readonly [status: number, headers: Readonly<Record<string, string>>];

export interface Upstream {
  readonly url: string;
  /** How often a path was asked for; its query does not count. */
  sends(path: string): number;
  close(): void;
}

/** @param paths - What each path answers, in turn; the last answer repeats. */
export async function startUpstream(paths: Record<string, readonly Answer[]>): Promise<Upstream> {
  const sends = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = String(request.url).replace(/\?.*/, '');
    const send = (sends.get(path) ?? 0) + 1;
    sends.set(path, send);
    const answers = paths[path] ?? [404];
    const answer = answers[Math.min(send, answers.length) - 1] ?? 404;
    const [status, headers] = typeof answer === 'number' ? [answer, {}] : answer;
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify({ path, send }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sends: (path) => sends.get(path) ?? 0,
    close: () => void server.close().closeAllConnections(),
  };
}

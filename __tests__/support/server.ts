import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the server says to one request. */
export type Answer =
  | number
  | { status: number; headers?: Record<string, string | string[]>; body?: string }
  | ((req: IncomingMessage, res: ServerResponse, body: string) => void);

interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** In the order in which their bodies were complete. */
  readonly requests: ReceivedRequest[];
  /** Ends every connection, then the server. */
  close(): Promise<void>;
}

function give(answer: Answer, req: IncomingMessage, res: ServerResponse, body: string): void {
  if (typeof answer === 'function') answer(req, res, body);
  else if (typeof answer === 'number') res.writeHead(answer).end();
  else res.writeHead(answer.status, answer.headers).end(answer.body);
}

/** A real server on loopback that gives its answers in turn; the last one repeats. */
export async function startServer(...answers: Answer[]): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((req, res) => {
    text(req).then(
      (body) => {
        const answer = answers[Math.min(requests.length, answers.length - 1)] ?? 200;
        requests.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
        give(answer, req, res, body);
      },
      () => res.destroy(), // The client went away before its body was complete.
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

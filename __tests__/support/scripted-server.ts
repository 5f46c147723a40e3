// A real HTTP server on loopback that gives scripted answers: for the tests, the compat suite and the examples.
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A failure in place of a whole answer: the connection is reset, the body is cut off, the body never
 * ends, or nothing is sent at all.
 */
type Fault = 'reset' | 'truncated' | 'endless' | 'silent';

/** What the server sends, as plain JSON: a status, or the parts that differ from an empty 200. */
export type Reply =
  | number
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string;
      readonly fault?: Fault;
    };

/** One request, as the server received it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the client went away before the answer was complete. */
  readonly left: boolean;
}

/**
 * A reply, or a function that answers the request itself, by {@link sendReply} or through `res`; `nth`
 * is the request's place among those for the same route, from 1.
 */
export type Answer =
  | Reply
  | ((req: IncomingMessage, res: ServerResponse, received: Received, nth: number) => void);

/**
 * The answers of each route, given in turn; the last one repeats. A route is a path without its query
 * (`/quota`), all paths below a first segment (`/orders/*`), or every other path (`*`). A path without
 * a route gets 404.
 */
export type Routes = Readonly<Record<string, readonly Answer[]>>;

export interface ServerOptions {
  /** Lets pages of every origin send requests and read the answers. Default: false. */
  readonly cors?: boolean;
  /**
   * Takes replies over HTTP as well, for clients in other processes and in pages: `POST /scripts` with
   * a JSON array of replies returns an id, which adds the route `/<id>/*`; `GET /scripts/<id>` returns
   * what that route received. Default: false.
   */
  readonly remote?: boolean;
}

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** In the order in which their bodies were complete. */
  readonly requests: readonly Received[];
  /** Ends every connection, then the server. */
  close(): Promise<void>;
}

/** Sends a reply, or does what its fault says. */
export function sendReply(res: ServerResponse, reply: Reply): void {
  const {
    status = 200,
    headers = {},
    body = '',
    fault,
  } = typeof reply === 'number' ? { status: reply } : reply;
  if (fault === 'silent') return;
  if (fault === 'reset') {
    res.req.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (fault === 'truncated') {
    res.writeHead(status, { 'Content-Length': 1000 });
    res.write('the beginning', () => res.req.socket.destroy());
  } else if (fault === 'endless') {
    res.writeHead(status);
    res.write('.'.repeat(100_000));
  } else res.writeHead(status).end(body);
}

function allowEveryOrigin({ headers }: IncomingMessage, res: ServerResponse): void {
  const allowed = headers['access-control-request-headers'] ?? '*';
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  res.setHeader('Access-Control-Allow-Headers', allowed);
  res.setHeader('Access-Control-Expose-Headers', '*');
  res.setHeader('Access-Control-Max-Age', '600');
}

/** The answers of one route, and the requests that got them. */
class Script {
  readonly requests: Received[] = [];

  constructor(readonly answers: readonly Answer[]) {}

  answer(req: IncomingMessage, res: ServerResponse, received: Received): void {
    const nth = this.requests.push(received);
    const answer = this.answers[Math.min(nth, this.answers.length) - 1] ?? 200;
    if (typeof answer === 'function') answer(req, res, received, nth);
    else sendReply(res, answer);
  }
}

/** Answers `POST /scripts` and `GET /scripts/<id>`. */
function control(scripts: Map<string, Script>, { method, url, body }: Received): string {
  if (method === 'GET')
    return JSON.stringify(scripts.get(`${url.slice('/scripts'.length)}/*`)?.requests);
  const id = String(scripts.size + 1);
  scripts.set(`/${id}/*`, new Script(JSON.parse(body) as Reply[]));
  return id;
}

/** Starts a server with one list of answers for every path. */
export function startServer(...answers: Answer[]): Promise<ScriptedServer> {
  return startRoutes({ '*': answers });
}

/** Starts a server with answers by route. */
export async function startRoutes(
  routes: Routes,
  { cors = false, remote = false }: ServerOptions = {},
): Promise<ScriptedServer> {
  const scripts = new Map<string, Script>();
  for (const [route, answers] of Object.entries(routes)) scripts.set(route, new Script(answers));
  const notFound = new Script([404]);
  const requests: Received[] = [];

  function answer(req: IncomingMessage, res: ServerResponse, body: string): void {
    const { method = '', url = '', headers } = req;
    const received = { method, url, headers, body, left: false };
    const [path = '', first] = /^\/([^/?]*)[^?]*/.exec(url) ?? [];
    if (remote && first === 'scripts') {
      res.end(control(scripts, received));
      return;
    }
    requests.push(received);
    res.once('close', () => {
      received.left = !res.writableFinished;
    });
    const script = scripts.get(path) ?? scripts.get(`/${first}/*`) ?? scripts.get('*') ?? notFound;
    script.answer(req, res, received);
  }

  const server = createServer((req, res) => {
    if (cors) allowEveryOrigin(req, res);
    if (cors && req.method === 'OPTIONS') res.writeHead(204).end();
    else
      text(req).then(
        (body) => answer(req, res, body),
        () => res.destroy(), // The client went away before its body was complete.
      );
  });
  // Idle connections outlast every wait of a test or an example (ms).
  server.keepAliveTimeout = 60_000;
  // Many clients may open all their connections at once.
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
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

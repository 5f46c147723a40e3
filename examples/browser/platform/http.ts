// Lets the platform and the shop answer over HTTP, in Node.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Makes a middleware of `answer`. It passes on no body, because nothing here reads one. */
export function overHttp(answer: (request: Request) => Promise<Response>) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    incoming.resume();
    const { method = 'GET', url = '/', headers } = incoming;
    const request = new Request(new URL(url, 'http://platform'), {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    });
    const response = await answer(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  };
}

// How the server does what a fault says, over HTTP/1.1 and HTTP/2.
import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { LATE_MS, retryAfterIn } from './faults.js';
import type { Fault } from './plan.js';
import type { Received, Request, Response } from './server-log.js';

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly entry: Received;
}

const DRIP_MS = 10;
const HUGE_HEADERS = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [`x-huge-${i}`, 'h'.repeat(4000)]),
);

/** The requests that are open on a connection, or were a moment ago, for those that end with it. */
const openOn = new WeakMap<object, Set<Received>>();

/** How long the last bytes of an answer may take to leave the server (ms). */
const FLUSH_MS = 2000;

/** Ends the stream of a request, and over HTTP/1.1 its connection, with an error. */
function reset({ request, response }: Exchange): void {
  const { stream } = response as Http2ServerResponse;
  if (stream) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else request.socket.resetAndDestroy();
}

/** Ends it without one, where HTTP knows that. */
function hangUp(exchange: Exchange): void {
  const { stream } = exchange.response as Http2ServerResponse;
  if (stream) stream.close(constants.NGHTTP2_REFUSED_STREAM);
  else exchange.request.socket.destroy();
}

/** Begins an answer, and goes on once its first bytes are on their way. */
function begin({ response }: Exchange, headers: object, next: () => void, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  (response as ServerResponse).write('{"id":', () => setTimeout(next, 2));
}

function drip({ response }: Exchange, chunk: string, times = Infinity, last = ''): void {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent < times) (response as ServerResponse).write(chunk);
    else {
      clearInterval(timer);
      response.end(last);
    }
  }, DRIP_MS);
  response.once('close', () => clearInterval(timer));
}

function interim({ response }: Exchange): void {
  const { stream } = response as Http2ServerResponse;
  if (stream) stream.additionalHeaders({ ':status': 102 });
  else (response as ServerResponse).writeProcessing();
  response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
}

/** Ends the whole connection at once, or as soon as it is not in use: what else is open may end with it. */
function endSession({ response, entry }: Exchange, isReset: boolean): void {
  const { session } = (response as Http2ServerResponse).stream;
  // Not inside a callback of the session's own: that corrupts the memory of Node 20.
  setImmediate(() => {
    for (const other of openOn.get(session as object) ?? []) {
      if (other !== entry) other.isCollateral = true;
    }
    if (isReset) session?.destroy(new Error('The plan resets this session.'));
    else session?.close();
  });
}

/** Keeps a request in mind for the end of its session; one that comes after it is let go by the server. */
export function track({ response, entry }: Exchange): void {
  const session = (response as Http2ServerResponse).stream?.session;
  if (!session) return;
  if (session.closed) entry.isCollateral = true;
  const open = openOn.get(session) ?? new Set();
  openOn.set(session, open.add(entry));
  response.once('close', () => setTimeout(() => open.delete(entry), FLUSH_MS).unref());
}

/** Closes the connection of a complete answer shortly after it, unless it is in use again. */
function closeWhenIdle({ request, response }: Exchange): void {
  const { socket } = request;
  const handle = response as ServerResponse;
  handle.once('finish', () => {
    setTimeout(
      () => {
        const { _httpMessage } = socket as { _httpMessage?: unknown };
        if (!_httpMessage) socket.destroy();
      },
      Math.floor(Math.random() * 6),
    );
  });
}

/** Whether the client has gone. */
function isOver(response: Response): boolean {
  const { stream } = response as Http2ServerResponse;
  return stream ? stream.destroyed : (response as ServerResponse).destroyed;
}

/** Answers as the fault says. */
export function answer(fault: Fault, exchange: Exchange): void {
  const { response, entry } = exchange;
  if (isOver(response)) return;
  const body = JSON.stringify({ id: entry.id, attempt: entry.attempt });
  const whole = (headers: object = {}, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
  const isHttp2 = 'stream' in response;
  switch (fault) {
    case 'whole':
      whole();
      break;
    case 'slow':
      setTimeout(whole, 30 + (entry.id % 50));
      break;
    case 'dripping':
      response.writeHead(200, { 'content-type': 'application/json' });
      drip(exchange, ' ', 4, body);
      break;
    case 'after-1xx':
      interim(exchange);
      whole();
      break;
    case 'gzip':
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(body));
      break;
    case 'closing':
      whole(isHttp2 ? {} : { connection: 'close' });
      break;
    case 'closed-when-idle':
      if (!isHttp2) closeWhenIdle(exchange);
      whole();
      break;
    case 'goaway':
      whole();
      endSession(exchange, false);
      break;
    case '503-endless':
      begin(exchange, {}, () => drip(exchange, ' '.repeat(100)), 503);
      break;
    case 'reset':
      reset(exchange);
      break;
    case 'hang-up':
      hangUp(exchange);
      break;
    case 'silent':
    case 'refused':
    case 'reset-at-connect':
      break;
    case 'late':
      setTimeout(whole, LATE_MS);
      break;
    case 'huge-headers':
      whole(HUGE_HEADERS);
      break;
    case 'reset-in-body':
      begin(exchange, {}, () => reset(exchange));
      break;
    case 'truncated':
      if (isHttp2) whole({ 'content-length': 1000 });
      else begin(exchange, { 'content-length': 1000 }, () => hangUp(exchange));
      break;
    case 'stalled':
      begin(exchange, {}, () => undefined);
      break;
    case 'endless':
      begin(exchange, {}, () => drip(exchange, ' '.repeat(200)));
      break;
    case 'bad-gzip':
      whole({ 'content-encoding': 'gzip' });
      break;
    case 'stream-canceled':
      (response as Http2ServerResponse).stream.close(constants.NGHTTP2_CANCEL);
      break;
    case 'canceled-in-body':
      begin(exchange, {}, () =>
        (response as Http2ServerResponse).stream.close(constants.NGHTTP2_CANCEL),
      );
      break;
    case 'session-reset':
      endSession(exchange, true);
      break;
    default: {
      const retryAfter = retryAfterIn(fault);
      const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      whole(headers, Number.parseInt(fault, 10));
      break;
    }
  }
}

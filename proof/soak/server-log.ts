// What the server process is told, and what it tells of the requests that it received.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Transport } from './plan.js';

export interface ServerJob {
  readonly seed: number;
  readonly transport: Transport;
}

export interface Ports {
  readonly server: number;
  /** Resets each connection as soon as it is made. */
  readonly resetting: number;
}

/** One request that the server received. Times are its own clock's, in milliseconds. */
export interface Received {
  readonly id: number;
  readonly attempt: number;
  readonly key: string | undefined;
  readonly arrivedAt: number;
  /** When its headers were answered. */
  answeredAt?: number;
  /** Of the body, if it was read: length and hash. */
  body?: string;
  /** Whether the connection was ended for another request's sake. */
  isCollateral?: boolean;
}

export interface ServerReport {
  /** What was received since the last report. */
  readonly received: readonly Received[];
  /** Requests that are still open: calls and attempts. */
  readonly open: readonly (readonly [id: number, attempt: number])[];
}

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

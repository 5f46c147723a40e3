// What the server does with an attempt, and what its client is to see of it.
import type { CallPlan, Fault, Transport } from './plan.js';
import { isStream } from './plan.js';

/** What a client sees of an attempt; `'nothing'` until something else ends the call. */
export type Sight =
  | number
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'cut'
  | 'bad-gzip'
  | 'overflow'
  | 'too-large'
  | 'nothing';

/** When a `'late'` answer is sent: after the time-out of every attempt (ms). */
export const LATE_MS = 1200;

/** Faults that never reach the server. */
export function isUnreachable(fault: Fault): boolean {
  return fault === 'refused' || fault === 'reset-at-connect';
}

/** Seconds of Retry-After in the answer. */
export function retryAfterIn(fault: Fault): number | undefined {
  const [, seconds] = fault.split('+');
  return seconds === undefined ? undefined : Number(seconds);
}

/** What the client of a call is to see of an attempt. */
export function sightOf(fault: Fault, plan: CallPlan, transport: Transport): Sight {
  const status = Number.parseInt(fault, 10);
  if (!Number.isNaN(status)) return status;
  const isUnread = isStream(plan);
  switch (fault) {
    case 'refused':
      return 'refused';
    case 'reset-at-connect':
    case 'reset':
    case 'hang-up':
    case 'session-reset':
      return 'reset';
    case 'silent':
    case 'late':
      return 'timeout';
    case 'huge-headers':
      return 'overflow';
    case 'reset-in-body':
    case 'truncated':
      return isUnread ? 200 : 'cut';
    case 'bad-gzip':
      return isUnread ? 200 : 'bad-gzip';
    case 'stalled':
      if (isUnread) return 200;
      // After the headers the time-out of http is the socket's, and Axios sees only that it was closed.
      return transport === 'http' ? 'cut' : 'timeout';
    case 'endless':
      if (isUnread) return 200;
      if (plan.isLimited) return 'too-large';
      // Axios's time-out is of an idle socket on http, of the whole attempt on fetch.
      return transport === 'fetch' ? 'timeout' : 'nothing';
    case 'stream-canceled':
      // Axios 1.21 does not settle a request whose stream is closed without an error.
      return 'nothing';
    default:
      // Axios 1.21 takes a body for whole that ends with RST_STREAM(CANCEL): 'canceled-in-body'.
      return 200;
  }
}

const CODES: Record<Transport, Record<Exclude<Sight, number | 'nothing'>, RegExp>> = {
  http: {
    refused: /^ECONNREFUSED$/,
    reset: /^(ECONNRESET|EPIPE)$/,
    timeout: /^ECONNABORTED$/,
    cut: /^(ERR_BAD_RESPONSE|ECONNRESET)$/,
    'bad-gzip': /^Z_DATA_ERROR$/,
    overflow: /^HPE_HEADER_OVERFLOW$/,
    'too-large': /^ERR_BAD_RESPONSE$/,
  },
  fetch: {
    refused: /^ECONNREFUSED$/,
    reset: /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/,
    timeout: /^ETIMEDOUT$/,
    cut: /^(UND_ERR_SOCKET|ECONNRESET)$/,
    'bad-gzip': /^Z_DATA_ERROR$/,
    overflow: /^UND_ERR_HEADERS_OVERFLOW$/,
    'too-large': /^ERR_BAD_RESPONSE$/,
  },
  http2: {
    // Of the streams that wait for a session, one has the session's error.
    refused: /^(ECONNREFUSED|ERR_HTTP2_STREAM_CANCEL)$/,
    reset:
      /^(ERR_HTTP2_STREAM_ERROR|ERR_HTTP2_STREAM_CANCEL|ERR_HTTP2_SESSION_ERROR|ECONNRESET|EPIPE)$/,
    timeout: /^ECONNABORTED$/,
    cut: /^ERR_HTTP2_STREAM_ERROR$/,
    'bad-gzip': /^Z_DATA_ERROR$/,
    overflow: /^never$/,
    'too-large': /^ERR_BAD_RESPONSE$/,
  },
};

/** Whether an attempt of a report is a sight: its status, or the code of its error. */
export function isSight(
  sight: Sight,
  { status, code }: { readonly status?: number; readonly code?: string },
  transport: Transport,
): boolean {
  if (typeof sight === 'number') return status === sight && code === undefined;
  if (sight === 'nothing' || code === undefined) return false;
  if (sight === 'too-large' && status !== undefined) return false;
  return CODES[transport][sight].test(code);
}

import type { ServerAnswer } from '../../src/policy/hint.js';

export const RECEIVED_AT = Date.UTC(2026, 10, 30, 12);

/** A server's answer, as readers get it. */
export function answerWith(headers: object, more: Partial<ServerAnswer> = {}): ServerAnswer {
  return { status: 429, headers, receivedAt: RECEIVED_AT, ...more };
}

/** A `Date` header so many milliseconds from when the answer came. */
export const dateHeader = (offset = 0) => ({ Date: new Date(RECEIVED_AT + offset).toUTCString() });

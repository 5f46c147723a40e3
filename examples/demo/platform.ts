// The platform that the demo talks to: a real server on loopback, whose time is the demo's clock.
import type { Answer, ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { sendReply, startRoutes } from '../../__tests__/support/scripted-server.js';
import type { Clock } from '../../src/index.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The two forms of Retry-After; a date is read by the clock that the server's own Date shows. */
const inSeconds = (now: number, end: number) => ({ 'Retry-After': `${(end - now) / SECOND}` });
const asDate = (now: number, end: number) => ({
  Date: new Date(now).toUTCString(),
  'Retry-After': new Date(end).toUTCString(),
});

export function startPlatform(clock: Clock): Promise<ScriptedServer> {
  /** Fails for `time` milliseconds from the first request on. */
  function failsFor(
    time: number,
    status: number,
    retryAfter: (now: number, end: number) => Record<string, string> = () => ({}),
  ): [Answer] {
    let end: number | undefined;
    return [
      (_req, res) => {
        const now = Math.floor(clock.now() / SECOND) * SECOND; // HTTP dates have whole seconds
        end ??= now + time;
        sendReply(res, now >= end ? 200 : { status, headers: retryAfter(now, end) });
      },
    ];
  }

  /** Loses its first answer; accepts the same order again only under the key that it had. */
  function takesOrders(): [Answer] {
    let key: unknown;
    return [
      (_req, res, { headers }, nth) => {
        if (nth > 1) return sendReply(res, key && headers['idempotency-key'] === key ? 202 : 409);
        key = headers['idempotency-key'];
        sendReply(res, 504);
      },
    ];
  }

  const busy = (status: number, retryAfter: string) => ({
    status,
    headers: { 'Retry-After': retryAfter },
  });
  return startRoutes({
    '/status/*': [(_req, res, { url }) => sendReply(res, Number(url.slice(-3)))],
    '/quota': failsFor(2 * MINUTE, 429, inSeconds),
    '/quota/date': failsFor(15 * MINUTE, 429, asDate),
    '/quota/used-up': failsFor(48 * HOUR, 429, inSeconds),
    '/quota/invalid': [busy(429, 'soon')],
    '/maintenance': failsFor(40 * MINUTE, 503),
    '/maintenance/date': failsFor(3 * HOUR, 503, asDate),
    '/maintenance/short': [busy(503, '1'), 200],
    '/overload': [529, 529, 200],
    '/overload/short': failsFor(5 * SECOND, 529, inSeconds),
    '/bad-day': [busy(429, '30'), 503, 502, 200],
    '/loose-cable': [{ fault: 'reset' }, { fault: 'reset' }, 200],
    '/orders': takesOrders(),
  });
}

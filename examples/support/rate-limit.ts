// A rate limit for a scripted server, as many services have it.
import type { Answer } from '../../__tests__/support/scripted-server.js';
import { sendReply } from '../../__tests__/support/scripted-server.js';

/** A token bucket: accepts `perSecond` requests a second, `burst` at once; 429, Retry-After: 1 for the rest. */
export function rateLimit(perSecond: number, burst: number) {
  const counts = { sends: 0, refused: 0 };
  let tokens = burst;
  let filledAt = performance.now();
  const answer: Answer = (_req, res) => {
    const now = performance.now();
    tokens = Math.min(tokens + ((now - filledAt) / 1000) * perSecond, burst);
    filledAt = now;
    counts.sends += 1;
    if (tokens >= 1) {
      tokens -= 1;
      sendReply(res, 200);
    } else {
      counts.refused += 1;
      sendReply(res, { status: 429, headers: { 'Retry-After': '1' } });
    }
  };
  return { answer, counts };
}

// How a service answers its own caller when the upstream asks for more time than the caller has.
import { isAxiosError } from 'axios';
import { parseRetryAfter, platformBackoff, retryReport } from 'axios-status-retry';

const SECOND = 1000;

/** Milliseconds that a caller will wait: as it says (`Prefer: wait=10`, RFC 7240 §4.3), or 2 s. */
export function patienceOf(prefer = ''): number {
  const seconds = /(?:^|[\s,;])wait=(\d{1,3})\b/i.exec(prefer)?.[1];
  return Number(seconds ?? 2) * SECOND;
}

/** 503 and when to come again, where time would help; otherwise 502: it is the upstream that fails. */
export function refusalOf(error: unknown): { status: number; headers: Record<string, string> } {
  const reason = retryReport(error)?.gaveUp ?? '';
  // 'canceled' is the end of a wait by `detach()`: this service is about to stop.
  const isTooLong = ['max-delay', 'max-elapsed', 'canceled'].includes(reason);
  if (!isTooLong) return { status: 502, headers: {} };
  const wait = retryAfterOf(error) ?? platformBackoff(1);
  return { status: 503, headers: { 'Retry-After': String(Math.ceil(wait / SECOND)) } };
}

/** Milliseconds, where the upstream named a time. */
function retryAfterOf(error: unknown): number | undefined {
  const headers = isAxiosError(error) ? error.response?.headers : undefined;
  const { 'retry-after': value, date, age } = headers ?? {};
  return parseRetryAfter(value, { receivedAt: Date.now(), date, age });
}

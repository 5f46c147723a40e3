// How should a service answer when its upstream asks for more time than its own caller has?
import { isAxiosError } from 'axios';
import { parseRetryAfter, platformBackoff, retryReport } from 'axios-status-retry';

/** How long a caller waits, in milliseconds: as `Prefer: wait=10` says (RFC 7240 §4.3), else 2 s. */
export function patienceOf(prefer = ''): number {
  const seconds = /(?:^|[\s,;])wait=(\d{1,3})\b/i.exec(prefer)?.[1];
  return Number(seconds ?? 2) * 1000;
}

/** 503 with Retry-After if a later request may succeed; otherwise 502, because the upstream failed. */
export function refusalOf(error: unknown): { status: number; headers: Record<string, string> } {
  const reason = retryReport(error)?.gaveUp ?? '';
  // 'canceled': detach() ended the wait, because this service is stopping.
  const mayPass = ['max-delay', 'max-elapsed', 'canceled'].includes(reason);
  if (!mayPass) return { status: 502, headers: {} };
  const wait = retryAfterOf(error) ?? platformBackoff(1);
  return { status: 503, headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } };
}

function retryAfterOf(error: unknown): number | undefined {
  const headers = isAxiosError(error) ? error.response?.headers : undefined;
  const { 'retry-after': value, date, age } = headers ?? {};
  return parseRetryAfter(value, { receivedAt: Date.now(), date, age });
}

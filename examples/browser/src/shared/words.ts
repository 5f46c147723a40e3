// Durations and outcomes in words.
import type { GiveUpReason, RetryReport } from 'axios-status-retry';
import { lookupStatus } from 'axios-status-retry';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `8 s`, `72 s`, `8 min 32 s`, `1 h 8 min`. */
export function duration(ms: number): string {
  if (ms < SECOND && ms > 0) return `${Math.round(ms)} ms`;
  const s = Math.round(ms / SECOND);
  if (s < 120) return `${s} s`;
  if (s < 7200) return two(Math.floor(s / 60), 'min', s % 60, 's');
  const min = Math.round(s / 60);
  return two(Math.floor(min / 60), 'h', min % 60, 'min');
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** Shorter: `8 s`, `64 s`, `8.5 min`, `68 min`, `9.1 h`. */
export function short(ms: number): string {
  if (ms < 120 * SECOND) return duration(ms);
  if (ms < 120 * MINUTE) return `${Number((ms / MINUTE).toFixed(ms < 10 * MINUTE ? 1 : 0))} min`;
  return `${Number((ms / HOUR).toFixed(1))} h`;
}

/** `0:08`, `9:06:08`. */
export function countdown(ms: number): string {
  const s = Math.ceil(Math.max(ms, 0) / SECOND);
  const [h, m] = [Math.floor(s / 3600), Math.floor((s / 60) % 60)];
  const tail = String(s % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}

export interface Outcome {
  readonly kind: 'succeeded' | 'gave up' | 'cancelled';
  readonly words: string;
  /** For a row of many. */
  readonly short: string;
}

const times = (n: number): string => (n === 1 ? '1 retry' : `${n || 'no'} retries`);

/**
 * Describes a report.
 *
 * @param retryAfter - The header of the last answer, if the page could read it.
 * @param isHidden - Whether the server hides that header from the page.
 */
export function inWords(
  { attempts, gaveUp }: RetryReport,
  retryAfter: string | undefined,
  isHidden: boolean,
): Outcome {
  const last = attempts.at(-1);
  const status = last?.status ?? 0;
  const retries = attempts.length - 1;
  const took = duration((last?.sentAt ?? 0) - (attempts[0]?.sentAt ?? 0));
  const effort = `after ${times(retries)} in ${took}`;
  if (gaveUp === undefined) {
    const words = retries === 0 ? 'Succeeded at once' : `Succeeded ${effort}`;
    return { kind: 'succeeded', words, short: retries === 0 ? 'at once' : `in ${took}` };
  }
  if (gaveUp === 'canceled') {
    const words = `Cancelled after ${times(retries)}; the last answer was ${status}`;
    return { kind: 'cancelled', words, short: gaveUp };
  }
  const name = lookupStatus(status)?.name;
  const invalid = retryAfter && `with an invalid Retry-After, “${retryAfter}”`;
  const missing = isHidden ? 'and hides Retry-After from this origin' : 'without Retry-After';
  const reasons: Partial<Record<GiveUpReason, string>> = {
    status: name
      ? `${status} ${name} is never retried`
      : `${status} is not in the table, so it is never retried`,
    'no-retry-after': `the server sent ${status} ${invalid || missing}`,
    'max-retries': `still ${status || 'no answer'} ${effort}`,
    'max-delay': 'the server asks for a wait of more than a day',
    network: `no answer came (${last?.code ?? 'network error'})`,
  };
  return { kind: 'gave up', words: `Gave up: ${reasons[gaveUp] ?? gaveUp}`, short: gaveUp };
}

/** Sums up the outcomes of many requests in one sentence. */
export function summary(outcomes: readonly Outcome[]): string {
  const kinds = (['succeeded', 'gave up', 'cancelled'] as const)
    .map((kind) => [outcomes.filter((outcome) => outcome.kind === kind).length, kind] as const)
    .filter(([n]) => n > 0)
    .map((words) => words.join(' '));
  return `All ${outcomes.length} requests are over: ${kinds.join(', ')}`;
}

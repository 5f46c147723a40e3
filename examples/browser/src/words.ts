import type { GiveUpReason, RetryReport } from 'axios-status-retry';
import { lookupStatus } from 'axios-status-retry';
import { duration } from './duration.js';

export interface Outcome {
  readonly kind: 'succeeded' | 'gave up' | 'cancelled';
  readonly words: string;
  /** For little room. */
  readonly short: string;
}

const times = (n: number): string => (n === 1 ? '1 retry' : `${n || 'no'} retries`);

/**
 * What a report says, in words.
 *
 * @param retryAfter - The last answer's header, as the page could read it.
 * @param isHidden - Whether the server keeps it from the page.
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
  const notValid = retryAfter && `with a Retry-After that is not valid, “${retryAfter}”`;
  const noHeader = isHidden ? 'and hides Retry-After from this origin' : 'without Retry-After';
  const why: Partial<Record<GiveUpReason, string>> = {
    status: name
      ? `${status} ${name} is never retried`
      : `${status} is not in the table, so it is never retried`,
    'no-retry-after': `the server sent ${status} ${notValid || noHeader}`,
    'max-retries': `still ${status || 'no answer'} ${effort}`,
    'max-delay': 'the wait that the server asks for is longer than a day',
    network: `no answer came (${last?.code ?? 'network error'})`,
  };
  return { kind: 'gave up', words: `Gave up: ${why[gaveUp] ?? gaveUp}`, short: gaveUp };
}

/** What many requests came to, in one sentence. */
export function summary(outcomes: readonly Outcome[]): string {
  const kinds = (['succeeded', 'gave up', 'cancelled'] as const)
    .map((kind) => [outcomes.filter((outcome) => outcome.kind === kind).length, kind] as const)
    .filter(([n]) => n > 0)
    .map((words) => words.join(' '));
  return `All ${outcomes.length} requests are over: ${kinds.join(', ')}`;
}

// A row of the page: a request in the outbox, in words.
import type { RetryAttempt } from 'axios-status-retry';
import { platformBackoff } from 'axios-status-retry';
import type { RetryTicket } from 'axios-status-retry/deferral';
import type { Tried } from '../shared/Track.js';
import type { Outcome } from '../shared/words.js';
import { duration, inWords } from '../shared/words.js';
import type { Ended } from './outbox.js';

/** The default of `attachRetry`. */
const MAX_RETRIES = 5;

export interface Row {
  readonly ticket: RetryTicket;
  /** Undefined until the request is over. */
  readonly over?: Ended | undefined;
}

/** `Flat white for Ada`. */
export function titleOf({ body }: RetryTicket): string {
  const { drink, name } = (body?.value ?? {}) as { drink?: string; name?: string };
  return `${drink} for ${name}`;
}

/** `retry 1 of 5`; empty before the first send. */
export function retryOf({ sent, retries }: RetryTicket): string {
  return sent ? `retry ${retries + 1} of ${MAX_RETRIES}` : '';
}

function outcomeOf({ report = { attempts: [] }, data }: Ended): Outcome {
  const outcome = inWords(report, undefined, false);
  const { number } = (data ?? {}) as { number?: number };
  return { ...outcome, words: outcome.words.replace('Succeeded', `Delivered as order ${number},`) };
}

/** The time line. A ticket records every attempt and the wait after it. */
export function triedOf({ ticket, over }: Row): Tried {
  const { attempts } = over?.report ?? ticket;
  return {
    report: over?.report ?? { attempts },
    waits: attempts.flatMap((attempt, i) => waitOf(attempt, i + 1) ?? []),
    ...(over && { outcome: outcomeOf(over) }),
  };
}

function waitOf({ sentAt, status, delay }: RetryAttempt, retryNumber: number) {
  if (delay === undefined) return undefined;
  const isBackoff = status !== 429 && delay === platformBackoff(retryNumber);
  return { delay, dueAt: sentAt + delay, basis: isBackoff ? 'backoff' : 'retry-after' } as const;
}

/** The newest difference between two states, in words. */
export function newsOf(before: readonly Row[], after: readonly Row[]): string | undefined {
  const known = new Map(before.map((row) => [row.ticket.id, row]));
  const news = after.flatMap((row) => {
    const { ticket, over } = row;
    const earlier = known.get(ticket.id);
    const title = titleOf(ticket);
    if (!earlier) return over ? [] : `${title}: in the outbox`;
    if (over) return earlier.over ? [] : `${title}: ${triedOf(row).outcome?.words}`;
    const last = ticket.attempts.at(-1);
    if (!last || ticket.attempts.length === earlier.ticket.attempts.length) return [];
    const what = last.status ?? 'no answer';
    return `${title}: ${what}, ${retryOf(ticket)} in ${duration(last.delay ?? 0)}`;
  });
  return news[0];
}

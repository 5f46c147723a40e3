// A scenario: the answers that the page asks the platform for, and what the plugin will do with them.
import type { RetryAttempt } from 'axios-status-retry';
import { decideRetry } from 'axios-status-retry';
import { OTHER_ORIGIN } from '../shared/other-origin.js';
import { isInSite } from '../shared/render.js';
import type { Tried } from '../shared/Track.js';
import { inWords } from '../shared/words.js';

export interface Scenario {
  readonly status: number;
  /** How many times the platform answers with that status before 200. */
  readonly failures: number;
  readonly retryAfter: 'none' | 'seconds' | 'date' | 'text';
  /** Seconds, or the text to send. */
  readonly value: string;
  readonly origin: 'same' | 'exposed' | 'hidden';
}

/** The same server by its other name, which is another origin for the browser. */
const otherOrigin = (): string => {
  if (isInSite) return OTHER_ORIGIN;
  const { protocol, hostname, port } = location;
  return `${protocol}//${hostname === 'localhost' ? '127.0.0.1' : 'localhost'}:${port}`;
};

/** The request that gets these answers. */
export function requestOf({ status, failures, retryAfter, value, origin }: Scenario) {
  return {
    baseURL: origin === 'same' ? 'api/' : `${otherOrigin()}/api/`,
    params: {
      status,
      failures,
      ...(retryAfter === 'date' && { retryAfterDate: value }),
      ...((retryAfter === 'seconds' || retryAfter === 'text') && { retryAfter: value }),
      ...(origin === 'exposed' && { expose: '' }),
    },
  };
}

const headerWords = {
  none: () => [],
  seconds: (value: string) => [`Retry-After: ${value}`],
  date: (value: string) => [`Retry-After: a date ${value} s ahead`],
  text: (value: string) => [`Retry-After: ${value}`],
};
const originWords = { same: [], exposed: ['CORS, exposed'], hidden: ['CORS, hidden'] };

/** `2 × 503, then 200 · Retry-After: 30`. */
export function scenarioInWords({ status, failures, retryAfter, value, origin }: Scenario): string {
  const answers = failures === 0 ? '200' : `${failures} × ${status}, then 200`;
  return [answers, ...headerWords[retryAfter](value), ...originWords[origin]].join(' · ');
}

/** Predicts the attempts with the plugin's pure `decideRetry`. Times are in milliseconds from 0. */
export function plan({ status, failures, retryAfter, value, origin }: Scenario): Tried {
  const header = retryAfter === 'date' ? new Date(Number(value) * 1000).toUTCString() : value;
  const isSeen = retryAfter !== 'none' && origin !== 'hidden';
  const headers: { 'retry-after'?: string } = isSeen ? { 'retry-after': header } : {};
  const attempts: RetryAttempt[] = [];
  const waits: Tried['waits'][number][] = [];
  for (let sentAt = 0; ; ) {
    const retryNumber = attempts.length + 1;
    const answer = retryNumber > failures ? 200 : status;
    const decision = decideRetry({ status: answer, headers, retryNumber, receivedAt: 0 });
    if (!decision.retry) {
      attempts.push({ sentAt, status: answer });
      const report = answer < 300 ? { attempts } : { attempts, gaveUp: decision.reason };
      const outcome = inWords(report, headers['retry-after'], origin === 'hidden');
      return { report, waits, outcome };
    }
    const { basis, delay } = decision;
    attempts.push({ sentAt, status: answer, delay });
    sentAt += delay;
    waits.push({ basis, delay, dueAt: sentAt });
  }
}

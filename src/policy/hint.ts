// What a service says about waiting beside Retry-After.
import { invalidResult, isNotNegative } from '../util/validate.js';

/** An answer of the server, as readers see it. */
export interface ServerAnswer {
  readonly status: number;
  /** `AxiosHeaders`, a fetch `Headers`, a plain object with names in any letter case, or Node's `rawHeaders`. */
  readonly headers: object;
  /** The parsed body, where it is known. */
  readonly data?: unknown;
  /** When the answer came, epoch milliseconds. */
  readonly receivedAt: number;
}

/** What an answer says about the next attempt. */
export interface Hint {
  /** Milliseconds to wait at least: 0 or more. */
  readonly delay?: number | undefined;
  /** Whether to send the request again at all. */
  readonly retry?: boolean | undefined;
}

/** Reads a hint from an answer; `undefined` if it says nothing. Not asynchronous. */
export type HintReader = (answer: ServerAnswer) => Hint | undefined;

/** What all readers say together. */
export interface CombinedHint {
  /** Milliseconds; -1 if no reader says a delay. */
  readonly delay: number;
  readonly retry: boolean | undefined;
}

/**
 * Asks every reader: the longest delay counts, and `retry: false` stands before `retry: true`.
 *
 * @throws {TypeError} When a reader returns anything but a hint or `undefined`.
 */
export function readHints(
  readers: HintReader | readonly HintReader[],
  answer: ServerAnswer,
): CombinedHint {
  let longest = -1;
  let verdict: boolean | undefined;
  for (const reader of [readers].flat() as HintReader[]) {
    // A caller may give null for anything that is absent.
    const hint = (reader(answer) ?? {}) as Hint & { readonly then?: unknown };
    const { delay, retry, then } = hint;
    // A promise has neither, but it is a mistake.
    const isBoolean = (retry ?? false) === Boolean(retry);
    if (typeof hint !== 'object' || then || !isBoolean || !isNotNegative(delay ?? 0)) {
      const takes = '{ delay: milliseconds } or { retry: false } or undefined';
      throw invalidResult('option "hints"', takes, hint);
    }
    longest = Math.max(longest, delay ?? -1);
    if (verdict !== false) verdict = retry ?? verdict;
  }
  return { delay: longest, retry: verdict };
}

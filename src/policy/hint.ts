// What a service says about waiting beside Retry-After.

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
  /** Milliseconds to wait at least. */
  readonly delay?: number | undefined;
  /** Whether to send the request again at all. */
  readonly retry?: boolean | undefined;
}

/** Reads a hint from an answer; `undefined` if it says nothing. */
export type HintReader = (answer: ServerAnswer) => Hint | undefined;

// A rate limit that looks back: at most so many requests in any stretch of a window's length.

/** Keeps the time of each accepted request, as a sliding window log does. */
export class SlidingWindow {
  /** In ascending order; those before `#first` have left the window. */
  #acceptedAt: number[] = [];
  #first = 0;

  constructor(
    readonly limit: number,
    readonly lengthMs: number,
  ) {}

  /** @returns 0 if the request is accepted, otherwise Retry-After in milliseconds: until one leaves. */
  answer(now: number): number {
    let oldest = this.#acceptedAt[this.#first];
    while (oldest !== undefined && oldest <= now - this.lengthMs) {
      this.#first += 1;
      oldest = this.#acceptedAt[this.#first];
    }
    if (oldest !== undefined && this.#acceptedAt.length - this.#first >= this.limit) {
      // Retry-After has whole seconds.
      return Math.ceil((oldest + this.lengthMs - now) / 1000) * 1000;
    }
    this.#acceptedAt.push(now);
    if (this.#first > this.limit) {
      this.#acceptedAt = this.#acceptedAt.slice(this.#first);
      this.#first = 0;
    }
    return 0;
  }
}

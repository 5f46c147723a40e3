/** Measures how many sends per second the server accepted from this process, over about a second. */
export class RateMeter {
  #since = 0;
  #count = 0;
  #lastRate = 0;

  /** Counts one accepted send. */
  add(now: number): void {
    this.#advance(now);
    this.#count += 1;
  }

  /** Sends per second. */
  at(now: number): number {
    this.#advance(now);
    return Math.max(this.#lastRate, this.#count);
  }

  /** Begins a new second when the current one is over. */
  #advance(now: number): void {
    const seconds = (now - this.#since) / 1000;
    if (seconds < 1) return;
    this.#lastRate = this.#count / seconds;
    this.#count = 0;
    this.#since = now;
  }
}

/** How many sends were accepted here in the last second or so. */
export class RateMeter {
  #from = 0;
  #count = 0;
  #last = 0;

  add(now: number): void {
    this.#turn(now);
    this.#count += 1;
  }

  at(now: number): number {
    this.#turn(now);
    return Math.max(this.#last, this.#count);
  }

  #turn(now: number): void {
    const seconds = (now - this.#from) / 1000;
    if (seconds < 1) return;
    this.#last = this.#count / seconds;
    this.#count = 0;
    this.#from = now;
  }
}

// Holds sends to a known rate: at most so many in any time of a given length.
import type { MaxRate } from './options.js';

/**
 * A send counts from its answer on, because a server counts it when it arrives; but at most this share of
 * the time later, or this time if that is longer, so that a slow answer does not slow down the others.
 */
const MARGIN = 0.01;
const MARGIN_MS = 10;

/** A send, and what it takes. */
interface Send {
  /** When it counts no more. */
  freeAt: number;
  readonly cost: number;
}

/** A sliding window over what was sent. Pure: it is told the time. */
export class SentLog {
  readonly #limit: MaxRate;
  /** The sends that still count, the oldest first. */
  #sends: Send[] = [];
  #head = 0;
  #total = 0;
  /** The sends that may not have left the process yet. */
  #leaving: Send[] = [];

  constructor(limit: MaxRate) {
    this.#limit = limit;
  }

  /** When a send of this cost may go: in the past if it may go now, Infinity if that is known after `left`. */
  freeAt(now: number, cost: number): number {
    this.#forget(now);
    const { requests } = this.#limit;
    // What costs more than the limit would never go.
    let excess = this.#total + Math.min(cost, requests) - requests;
    let at = -Infinity;
    // Fractions do not add up exactly, so there may be some excess without a send.
    for (let i = this.#head; excess > 0 && i < this.#sends.length; i += 1) {
      const send = this.#sends[i] as Send;
      excess -= send.cost;
      at = Math.max(at, send.freeAt);
    }
    return at;
  }

  /** @returns What to call when the answer has come. */
  take(now: number, cost: number): (answeredAt: number) => void {
    const { requests, per } = this.#limit;
    const send: Send = { freeAt: Infinity, cost: Math.min(cost, requests) };
    if (cost > 0) {
      this.#sends.push(send);
      this.#leaving.push(send);
    }
    this.#total += send.cost;
    return (answeredAt) => {
      // A clock in whole milliseconds may be behind by one.
      const arrivedBy = answeredAt > now ? answeredAt + 1 : answeredAt;
      send.freeAt = Math.min(arrivedBy + per, send.freeAt);
    };
  }

  /** All sends have left: what a busy process sends leaves when its present task is over. */
  left(now: number): void {
    const { per } = this.#limit;
    const latest = now + per + Math.max(per * MARGIN, MARGIN_MS);
    for (const send of this.#leaving) send.freeAt = Math.min(send.freeAt, latest);
    this.#leaving = [];
  }

  #forget(now: number): void {
    for (let send = this.#sends[this.#head]; send && send.freeAt <= now; ) {
      this.#total -= send.cost;
      this.#head += 1;
      send = this.#sends[this.#head];
    }
    if (this.#head * 2 <= this.#sends.length) return;
    this.#sends = this.#sends.slice(this.#head);
    this.#head = 0;
  }
}

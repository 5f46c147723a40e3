// The clients of a simulation: requests in a gate's queue, and requests that each retry on their own.
import { ConcurrencyWindow } from '../../src/gate/concurrency-window.js';
import type { LocalRateLimiter, SimulatedClient, SimulatedRequest } from './rule.js';
import type { Random, VirtualTime } from './virtual-time.js';

/** A timer fires up to this late (ms). */
const TIMER_DELAY_MS = 1;

/** Like a gate: a queue behind a concurrency window and, from the first 429 on, a rate limiter. */
export class GatedClient implements SimulatedClient {
  readonly #window: ConcurrencyWindow;
  #limiter: LocalRateLimiter;
  #queue: SimulatedRequest[] = [];
  #head = 0;
  #wakeAt = 0;

  constructor(
    readonly time: VirtualTime,
    readonly random: Random,
    readonly createLimiter: () => LocalRateLimiter,
    initialConcurrency: number,
  ) {
    this.#window = new ConcurrencyWindow(initialConcurrency);
    this.#limiter = this.#window;
  }

  add(request: SimulatedRequest): void {
    this.#queue.push(request);
    this.#drain();
  }

  #drain(): void {
    const { now } = this.time;
    for (let next = this.#queue[this.#head]; next; next = this.#queue[this.#head]) {
      const request = next;
      const { sends, at, epoch } = this.#limiter.acquire(now, this.#queue.length - this.#head);
      if (sends === 0) {
        this.#wake(at);
        return;
      }
      this.#head += 1;
      request.send((retryAfterMs) => this.#onAnswer(request, epoch, retryAfterMs));
    }
    this.#queue = [];
    this.#head = 0;
  }

  /** One timer, for the earliest time that was asked for. */
  #wake(at: number): void {
    const { time } = this;
    if (this.#wakeAt > time.now && this.#wakeAt <= at) return;
    const set = Math.max(at, time.now);
    this.#wakeAt = set;
    time.after(set - time.now + this.random() * TIMER_DELAY_MS, () => {
      if (this.#wakeAt !== set) return;
      this.#wakeAt = 0;
      this.#drain();
    });
  }

  #onAnswer(request: SimulatedRequest, epoch: number, retryAfterMs: number): void {
    if (retryAfterMs === 0) this.#limiter.onSuccess(this.time.now, epoch);
    else {
      this.#onThrottled(epoch, retryAfterMs);
      if (request.takeRetry()) this.time.after(retryAfterMs, () => this.add(request));
    }
    this.#drain();
  }

  #onThrottled(epoch: number, closedFor: number): void {
    const { now } = this.time;
    const isFirst = this.#limiter === this.#window;
    if (isFirst) this.#limiter = this.createLimiter();
    const burst = isFirst ? this.#window.burst(now) : {};
    this.#limiter.onThrottled(now, { epoch, closedFor, ...burst });
  }
}

/** No gate: each request is sent at once, waits for Retry-After, and is sent again. */
export class UngatedClient implements SimulatedClient {
  constructor(readonly time: VirtualTime) {}

  add(request: SimulatedRequest): void {
    request.send((retryAfterMs) => {
      if (retryAfterMs === 0 || !request.takeRetry()) return;
      this.time.after(retryAfterMs, () => this.add(request));
    });
  }
}

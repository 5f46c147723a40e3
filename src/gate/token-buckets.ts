// A bucket of tokens for each key. Only the buckets that are not full take memory.
import type { RetryCall } from '../core/extensions.js';
import { KeyGenerator } from './key.js';
import type { GateOptions } from './options.js';

/** Of buckets that are not full. The rest, those used longest ago, count as full again. */
const MAX_BUCKETS = 1000;

export class TokenBuckets {
  readonly #capacity: number;
  readonly #keys: KeyGenerator;
  /** The tokens left, by key, of buckets that are not full. The one used longest ago comes first. */
  readonly #left = new Map<string, number>();

  /** @param capacity - Tokens of a full bucket. */
  constructor(capacity: number, key: GateOptions['key']) {
    this.#capacity = capacity;
    this.#keys = new KeyGenerator(key);
  }

  /** Whether every bucket is full, so that a deposit changes nothing. */
  get areFull(): boolean {
    return this.#left.size === 0;
  }

  /** @throws {TypeError} When the option `key` returns no string. */
  keyOf(call: RetryCall): string {
    return this.#keys.of(call);
  }

  get(key: string): number {
    return this.#left.get(key) ?? this.#capacity;
  }

  /** Also counts as a use. More than the capacity is cut to it. */
  set(key: string, tokens: number): void {
    this.#left.delete(key);
    if (tokens >= this.#capacity) return;
    this.#left.set(key, tokens);
    if (this.#left.size > MAX_BUCKETS) this.#evictOldest();
  }

  /** Evicts in batches: finding a Map's first entry is slow after many deletions. */
  #evictOldest(): void {
    let surplus = MAX_BUCKETS / 2;
    for (const key of this.#left.keys()) {
      if (surplus-- === 0) break;
      this.#left.delete(key);
    }
  }
}

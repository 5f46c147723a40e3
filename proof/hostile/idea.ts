// One kind of attack, and what it found.
import { inspect } from 'node:util';
import type { Random } from './random.js';

export interface Found {
  readonly figures: readonly (readonly [what: string, figure: string])[];
  readonly failures: readonly string[];
}

/** @param scale - How much is tried: 1 for a few seconds. */
export type Idea = (random: Random, scale: number) => Found | Promise<Found>;

/** More failures than these tell nothing new. */
const MAX_FAILURES = 10;
const MAX_LENGTH = 600;

/** Collects broken promises, each with the case that shows it. */
export class Failures {
  readonly list: string[] = [];

  add(promise: string, shown: unknown): void {
    if (this.list.length === MAX_FAILURES) return;
    const text = inspect(shown, { depth: 4, breakLength: Infinity, maxStringLength: 200 });
    this.list.push(`${promise}: ${text.slice(0, MAX_LENGTH)}`);
  }

  /** Runs a check. An exception is a failure too. */
  check(promise: string, shown: unknown, holds: () => boolean): void {
    try {
      if (!holds()) this.add(promise, shown);
    } catch (error) {
      this.add(`${promise}, but ${String(error)}`, shown);
    }
  }
}

/** With thousands set apart. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

import { median } from '../statistics.js';
import type { Limit } from './limits.js';
import { limits, TokenBucket } from './limits.js';
import type { Rule } from './rules.js';
import { rules } from './rules.js';
import type { Outcome } from './simulation.js';
import { simulate } from './simulation.js';

const REQUESTS = 2000;
/** Milliseconds. */
const ROUND_TRIPS = [5, 50] as const;
/** Each run is done with so many seeds. */
const SEEDS = 8;

/** Runs that differ by their seed only. */
export interface Cell {
  readonly roundTrip: number;
  readonly sends: readonly number[];
  readonly times: readonly number[];
  /** Of one run, the median. */
  readonly failures: number;
}

export interface RuleRow {
  readonly rule: string;
  readonly limit: Limit;
  /** One for each round trip. */
  readonly cells: readonly Cell[];
}

export function compareRules(): RuleRow[] {
  return limits.flatMap((limit) =>
    rules.map((rule) => ({
      rule: rule.name,
      limit,
      cells: ROUND_TRIPS.map((roundTrip) => cell(rule, limit, roundTrip)),
    })),
  );
}

function cell(rule: Rule, limit: Limit, roundTrip: number): Cell {
  const runs: Outcome[] = seeds().map((seed) =>
    simulate(rule, { limiter: limit.make(), requests: REQUESTS, roundTrip, seed }),
  );
  return {
    roundTrip,
    sends: runs.map(({ sends, successes }) => sends / successes),
    // Of those that failed there is nothing to wait for.
    times: runs.map(({ seconds, successes }) => seconds / limit.ideal(successes)),
    failures: median(runs.map(({ failures }) => failures)),
  };
}

function seeds(): number[] {
  return Array.from({ length: SEEDS }, (_, i) => i + 1);
}

/** Seconds until a rule has found that twice as much is taken; Infinity where it did not. */
export interface Raised {
  readonly rule: string;
  readonly found: readonly number[];
}

const [LOW, HIGH, ENOUGH] = [100, 200, 180];
/** Seconds; it gives up after the last of them. */
const RAISED_AT = Array.from({ length: 17 }, (_, i) => 20 + i);
const PATIENCE = 60;

/** The limit goes from 100/s to 200/s: how long until 180 have succeeded within a second. */
export function compareRaised(): Raised[] {
  return rules
    .filter(({ adapts }) => adapts)
    .map((rule) => ({ rule: rule.name, found: RAISED_AT.map((at) => raise(rule, at * 1000)) }));
}

function raise(rule: Rule, at: number): number {
  const limiter = new TokenBucket(LOW, 10);
  const last: number[] = [];
  let found = Number.POSITIVE_INFINITY;
  simulate(rule, {
    limiter,
    requests: (RAISED_AT.length + 20 + PATIENCE) * HIGH,
    roundTrip: ROUND_TRIPS[0],
    seed: 7,
    change: {
      at,
      run() {
        limiter.rate = HIGH;
      },
    },
    succeeded(now) {
      last.push(now);
      if (last.length > ENOUGH) last.shift();
      const isEnough = now > at && last.length === ENOUGH && now - (last[0] ?? 0) <= 1000;
      if (isEnough) found = (now - at) / 1000;
      return isEnough || now > at + PATIENCE * 1000;
    },
  });
  return found;
}

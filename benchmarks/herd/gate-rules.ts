// npm run bench:gate-rules: the gate's rule beside others, in virtual time, with the same figures every time.
// --json FILE also writes them to a file.
import { parseArgs } from 'node:util';
import { Report } from '../report.js';
import { median } from '../statistics.js';
import type { Limit } from './limits.js';
import { limits, TokenBucket, titleOf } from './limits.js';
import type { Rule } from './rule.js';
import { rules } from './rules.js';
import { simulate } from './simulation.js';

const REQUESTS = 2000;
const ROUND_TRIPS_MS = [5, 50];
/** Of the others, the simulation has nothing new to say. */
const LIMITS = ['burst-10', 'burst-100', 'fixed'] as const;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** The limit goes from 100/s to 200/s; the higher rate counts as found at 180 successes in a second. */
const [LOW_RATE, HIGH_RATE, FOUND_AT] = [100, 200, 180];
/** Each rule has one run for each of these times. */
const RAISED_AT_SECONDS = Array.from({ length: 17 }, (_, i) => 20 + i);
const SEARCH_SECONDS = 60;

function compareAt(limit: Limit): object[] {
  return rules.flatMap((rule) =>
    ROUND_TRIPS_MS.map((roundTripMs) => {
      const runs = SEEDS.map((seed) =>
        simulate(rule, { limit: limit.create(), requests: REQUESTS, roundTripMs, seed }),
      );
      const sends = runs.map((run) => run.sends / run.successes);
      const times = runs.map((run) => run.seconds / limit.idealSeconds(run.successes));
      return {
        rule: rule.name,
        roundTripMs,
        sendsPerSuccess: mean(sends),
        worstSends: Math.max(...sends),
        timeOverIdeal: mean(times),
        worstTime: Math.max(...times),
        failed: median(runs.map(({ failures }) => failures)),
      };
    }),
  );
}

function searchForRaisedLimit(rule: Rule) {
  const seconds = RAISED_AT_SECONDS.map((raisedAt) => secondsUntilFound(rule, raisedAt * 1000));
  return { rule: rule.name, meanSeconds: mean(seconds), worstSeconds: Math.max(...seconds) };
}

/** @returns Infinity if the higher rate was not found. */
function secondsUntilFound(rule: Rule, raisedAtMs: number): number {
  const limit = new TokenBucket(LOW_RATE, 10);
  const recent: number[] = [];
  let found = Number.POSITIVE_INFINITY;
  simulate(rule, {
    limit,
    requests: (RAISED_AT_SECONDS.length + 20 + SEARCH_SECONDS) * HIGH_RATE,
    roundTripMs: 5,
    seed: 7,
    change: {
      atMs: raisedAtMs,
      run() {
        limit.rate = HIGH_RATE;
      },
    },
    onSuccess(now) {
      recent.push(now);
      if (recent.length > FOUND_AT) recent.shift();
      const isFound =
        now > raisedAtMs && recent.length === FOUND_AT && now - (recent[0] ?? 0) <= 1000;
      if (isFound) found = (now - raisedAtMs) / 1000;
      return isFound || now > raisedAtMs + SEARCH_SECONDS * 1000;
    },
  });
  return found;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });
const report = new Report();
for (const name of LIMITS) report.add(titleOf(limits[name]), compareAt(limits[name]));
report.add(
  `Seconds until ${FOUND_AT} requests succeed within one second, after a limit of ${LOW_RATE}/s became ${HIGH_RATE}/s`,
  rules.filter(({ adapts }) => adapts).map(searchForRaisedLimit),
);
report.write(options.json);

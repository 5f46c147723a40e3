// Simulates a client and a rate-limited server, event by event.
import type { ServerLimit } from './limits.js';
import type { Rule, SimulatedRequest } from './rule.js';
import { seeded, VirtualTime } from './virtual-time.js';

export interface Scenario {
  readonly limit: ServerLimit;
  /** All are added at once. */
  readonly requests: number;
  /** Each half takes up to 30 % longer. */
  readonly roundTripMs: number;
  readonly seed: number;
  /** Runs something at a time. */
  readonly change?: { readonly atMs: number; readonly run: () => void };
  /** Called with the time of each success; true ends the run. */
  readonly onSuccess?: (now: number) => boolean;
}

export interface Outcome {
  readonly sends: number;
  readonly successes: number;
  readonly failures: number;
  /** Until the last success. */
  readonly seconds: number;
}

const JITTER = 0.3;
/** The server answers one request at a time, and takes this long for each. */
const SERVICE_MS = 0.1;
/** Ends every run. */
const MAX_MS = 3_600_000;

export function simulate(rule: Rule, scenario: Scenario): Outcome {
  const { limit, requests, roundTripMs, change } = scenario;
  const time = new VirtualTime();
  const random = seeded(scenario.seed);
  const client = rule.createClient(time, random);
  const oneWay = () => (roundTripMs / 2) * (1 + random() * JITTER);
  let [sends, successes, failures, lastSuccessAt, serverFreeAt] = [0, 0, 0, 0, 0];
  let isOver = false;

  function serve(onAnswer: (retryAfterMs: number) => void): void {
    serverFreeAt = Math.max(serverFreeAt, time.now) + SERVICE_MS;
    time.after(serverFreeAt - time.now, () => {
      const retryAfterMs = limit.answer(time.now);
      time.after(oneWay(), () => {
        if (retryAfterMs === 0) succeed();
        onAnswer(retryAfterMs);
      });
    });
  }

  function succeed(): void {
    successes += 1;
    lastSuccessAt = time.now;
    isOver = scenario.onSuccess?.(lastSuccessAt) ?? false;
  }

  function createRequest(): SimulatedRequest {
    let retries = 0;
    return {
      send(onAnswer) {
        sends += 1;
        time.after(oneWay(), () => serve(onAnswer));
      },
      takeRetry() {
        retries += 1;
        if (retries > rule.maxRetries) failures += 1;
        return retries <= rule.maxRetries;
      },
    };
  }

  if (change) time.after(change.atMs, change.run);
  time.after(0, () => {
    for (let i = 0; i < requests; i += 1) client.add(createRequest());
  });
  time.run(() => isOver || successes + failures === requests || time.now > MAX_MS);
  return { sends, successes, failures, seconds: lastSuccessAt / 1000 };
}

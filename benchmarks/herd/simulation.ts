import type { Limiter } from './limits.js';
import { seeded } from './random.js';
import type { Rule } from './rules.js';
import { VirtualTime } from './virtual-time.js';

export interface Answer {
  /** Milliseconds; 0 where the request was taken. */
  readonly retryAfter: number;
}

/** One request that has to be sent until it is taken. */
export interface Caller {
  send(answered: (answer: Answer) => void): void;
  /** Whether there is a retry left; where there is none the request has failed. */
  mayRetry(): boolean;
}

/** Decides when callers send. */
export interface Client {
  add(caller: Caller): void;
}

export interface Scenario {
  readonly limiter: Limiter;
  readonly requests: number;
  /** Milliseconds of a round trip; each half takes up to 30 % longer. */
  readonly roundTrip: number;
  readonly seed: number;
  /** Something that happens at a time (ms). */
  readonly change?: { readonly at: number; readonly run: () => void };
  /** Told the time of each success; true ends the run. */
  readonly succeeded?: (now: number) => boolean;
}

/** What became of the requests. */
export interface Outcome {
  readonly sends: number;
  readonly successes: number;
  readonly failures: number;
  /** Seconds until the last success. */
  readonly seconds: number;
}

const JITTER = 0.3;
/** Milliseconds in which the server answers one; it answers one after the other. */
const SERVICE = 0.1;
/** Virtual milliseconds after which a run is over, come what may. */
const MOST = 3_600_000;

/** Sends so many requests, all wanted at once, through a client with the rule. */
export function simulate(rule: Rule, scenario: Scenario): Outcome {
  const { limiter, requests, roundTrip, change } = scenario;
  const time = new VirtualTime();
  const random = seeded(scenario.seed);
  const client = rule.client(time, random);
  const half = () => (roundTrip / 2) * (1 + random() * JITTER);
  let [sends, successes, failures, lastAt, serverFree] = [0, 0, 0, 0, 0];
  let over = false;

  function serve(answered: (answer: Answer) => void): void {
    serverFree = Math.max(serverFree, time.now) + SERVICE;
    time.after(serverFree - time.now, () => {
      const retryAfter = limiter.answer(time.now);
      time.after(half(), () => {
        if (retryAfter === 0) succeed();
        answered({ retryAfter });
      });
    });
  }

  function succeed(): void {
    successes += 1;
    lastAt = time.now;
    over = scenario.succeeded?.(lastAt) ?? false;
  }

  function caller(): Caller {
    let retries = 0;
    return {
      send(answered) {
        sends += 1;
        time.after(half(), () => serve(answered));
      },
      mayRetry() {
        retries += 1;
        if (retries > rule.maxRetries) failures += 1;
        return retries <= rule.maxRetries;
      },
    };
  }

  if (change) time.after(change.at, change.run);
  time.after(0, () => {
    for (let i = 0; i < requests; i += 1) client.add(caller());
  });
  time.run(() => over || successes + failures === requests || time.now > MOST);
  return { sends, successes, failures, seconds: lastAt / 1000 };
}

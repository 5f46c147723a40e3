// The script that Redis runs for each key: its text, its arguments and its result.
import { RATE } from '../gate/adaptive-rate.js';
import { MAX_QUOTAS, ROUNDING_MS } from '../gate/quota-ledger.js';
import { ESTIMATOR } from '../gate/rate-estimator.js';
import type { Throttle } from '../gate/rate-limiter.js';
import { ADAPTIVE_RATE_LUA } from './adaptive-rate.lua.js';
import { FLEET_LUA } from './fleet.lua.js';

/** How long a process may use units of the quotas after it has asked for them, in milliseconds. */
export const UNITS_LEASE_MS = 1000;

/** The constants of the script, each a local of the same name. */
const CONSTANTS = {
  ...ESTIMATOR,
  ...RATE,
  /** Longer than in one process, because processes do not start together. */
  BURST_WINDOW_MS: 400,
  /** Sends per second. A rate stops growing here, because Infinity would not survive as text. */
  MAX_RATE: 1e9,
  /** A grant covers this time and begins at most this far ahead, because it cannot be revoked. */
  GRANT_CHUNK_MS: 20,
  GRANT_AHEAD_MS: 40,
  /** Callers without a grant ask again at times spread over this interval. */
  TURN_SPREAD_MS: 1000,
  /** While a probe is out, others ask again after this time at the earliest. */
  MIN_PROBE_POLL_MS: 10,
  /** A process counts for this long after it was last heard of, and the units that it has not used for so long. */
  LEASE_MS: 5000,
  UNITS_LEASE_MS,
  /** A process gets at least this much of the start window, if the others leave it. */
  MIN_LOT: 4,
  /** A told end of a window within this time of the known one is the same window. */
  ROUNDING_MS,
  /** More quotas than this are not remembered: a hostile server could name a new one in each answer. */
  MAX_QUOTAS,
  /** A closing must end later by this much to be published again, and this much time pass before a shortage is. */
  NEWS_STEP_MS: 100,
  /** A state is kept this long after its last use and its closing, but never over a year. */
  STATE_TTL_MS: 60_000,
  MAX_STATE_TTL_MS: 31_536_000_000,
};

/** `AdaptiveRate` on a state that processes share. */
export const SCRIPT =
  Object.entries(CONSTANTS)
    .map(([name, value]) => `local ${name} = ${value}\n`)
    .join('') +
  ADAPTIVE_RATE_LUA +
  FLEET_LUA;

/** What a process reports of its sends and asks for, once a key was throttled. */
export interface RateRequest {
  /** Of the results, as the script numbers epochs. */
  readonly epoch: number;
  /** How many sends of this epoch were accepted. */
  readonly successes: number;
  /** How many sends from before the first throttle were accepted. */
  readonly initialSuccesses: number;
  /** True if a send of this epoch ended without evidence. */
  readonly ignored: boolean;
  readonly throttle: Throttle | undefined;
  /** How many sends it asks for; 0 for none. */
  readonly wanted: number;
  /**
   * In case Redis has forgotten the state: sends per second, and milliseconds that the key is closed; -1 if
   * open, -2 if it was never throttled.
   */
  readonly rate: number;
  readonly closedFor: number;
}

/** What a process reports of its share in what the fleet has. */
export interface FleetRequest {
  /** Milliseconds that Redis takes to answer. */
  readonly lead: number;
  /** Whether it hears what other processes report. */
  readonly listening: boolean;
  /** How many requests it has, in flight or waiting. */
  readonly demand: number;
  /** How many of them count towards the start window. */
  readonly sending: number;
  /** Its part of the start window, and how much that has grown since the last report. */
  readonly size: number;
  readonly grown: number;
  readonly initialConcurrency: number;
  /** What its requests in flight take of the quotas, what the next one takes, and the share left to others. */
  readonly inFlight: number;
  readonly cost: number;
  readonly reserve: number;
  readonly quotas: readonly ToldQuota[];
  /** Where news is published; '' for nowhere. */
  readonly channel: string;
  /** The process's name among the others. */
  readonly process: string;
}

/** A quota as processes tell each other. Times are milliseconds; -1 is an unknown limit, 0 an unknown window. */
export interface ToldQuota {
  readonly name: string;
  readonly remaining: number;
  readonly reset: number;
  readonly limit: number;
  readonly window: number;
  /** True if `reset` holds whatever was told before. */
  readonly isCertain?: boolean;
}

/** What the script answers. Times are in milliseconds from now, the rate is in sends per second. */
export interface ScriptResult {
  readonly epoch: number;
  readonly closedFor: number;
  readonly closed: boolean;
  /** The grant: how many sends, from when, at which interval. With 0 sends, when to ask again. */
  readonly sends: number;
  readonly delay: number;
  readonly interval: number;
  readonly rate: number;
  /** The part of the start window that is this process's, and its share of the demand, up to 1. */
  readonly lot: number;
  readonly share: number;
  /** What this process may take of the quotas, besides what it has in flight; Infinity if none is known. */
  readonly units: number;
  /** When the state was created, and how often it has been written since. */
  readonly createdAt: number;
  readonly version: number;
  /** Nothing is sent for this long, because a quota is used up. */
  readonly quotaClosedFor: number;
  readonly quotas: readonly ToldQuota[];
  /** True if a later result has been seen. */
  readonly stale?: boolean;
}

/** The arguments as the script takes them, as text. */
export function encodeArgs(rate: RateRequest, fleet: FleetRequest): string[] {
  const { burst = 0, span = 0, closedFor = -1, epoch = -1 } = rate.throttle ?? {};
  const quotas = fleet.quotas.flatMap(({ name, remaining, reset, limit, window, isCertain }) => [
    name,
    ...[remaining, reset, limit, window, Number(isCertain ?? false)],
  ]);
  return [
    ...[rate.epoch, rate.successes, rate.initialSuccesses, Number(rate.ignored)],
    // No throttle closes for -1 ms.
    ...[closedFor, epoch, burst, span, rate.wanted, rate.rate, rate.closedFor],
    ...[fleet.lead, Number(fleet.listening), fleet.demand, fleet.sending],
    ...[finite(fleet.size), fleet.grown, finite(fleet.initialConcurrency), fleet.inFlight],
    ...[fleet.cost, fleet.reserve],
    ...[fleet.quotas.length, fleet.channel, fleet.process, ...quotas],
  ].map(String);
}

/** Infinity would not survive as text. */
function finite(amount: number): number {
  return Math.min(amount, CONSTANTS.MAX_RATE);
}

/** The numbers of a reply, in its order, with the least that the script says; then come the quotas. */
const REPLY = {
  ...{ epoch: 0, closedFor: 0, closed: 0, sends: 0, delay: 0, interval: 0, rate: Number.MIN_VALUE },
  ...{ lot: 1, share: 0, units: -1, createdAt: 1, version: 1, quotaClosedFor: 0 },
};

/** @throws {Error} When Redis has answered something that the script does not. */
export function decodeResult(reply: unknown): ScriptResult {
  const texts: unknown[] = Array.isArray(reply) ? reply : [];
  const names = Object.keys(REPLY) as (keyof typeof REPLY)[];
  const numbers: Record<keyof typeof REPLY, number> = { ...REPLY };
  const isReply = names.every((name, i) => {
    numbers[name] = Number(texts[i]);
    return Number.isFinite(numbers[name]) && numbers[name] >= REPLY[name];
  });
  const quotas = toldQuotas(texts.slice(names.length));
  if (!isReply || quotas === undefined) {
    throw new Error(
      'axios-status-retry: unexpected reply from Redis; see axios-status-retry/errors.md#redis-unexpected-reply',
    );
  }
  const units = numbers.units < 0 ? Infinity : numbers.units;
  return { ...numbers, closed: numbers.closed === 1, units, quotas };
}

/** @returns Undefined if that is no list of quotas. */
function toldQuotas(texts: readonly unknown[]): ToldQuota[] | undefined {
  const quotas: ToldQuota[] = [];
  for (let i = 0; i < texts.length; i += 5) {
    const numbers = texts.slice(i + 1, i + 5).map(Number);
    if (numbers.length < 4 || !numbers.every(Number.isFinite)) return undefined;
    const [remaining, reset, limit, window] = numbers as [number, number, number, number];
    quotas.push({ name: String(texts[i]), remaining, reset, limit, window });
  }
  return quotas;
}

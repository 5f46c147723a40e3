// The script that Redis runs for each key: its text, its arguments and its result.
import { RATE } from '../gate/adaptive-rate.js';
import { ESTIMATOR } from '../gate/rate-estimator.js';
import type { Throttle } from '../gate/rate-limiter.js';
import { ADAPTIVE_RATE_LUA } from './adaptive-rate.lua.js';

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
  /** A state is kept this long after its last use and its closing, but never over a year. */
  STATE_TTL_MS: 60_000,
  MAX_STATE_TTL_MS: 31_536_000_000,
};

/** `AdaptiveRate` on a state that processes share. */
export const SCRIPT =
  Object.entries(CONSTANTS)
    .map(([name, value]) => `local ${name} = ${value}\n`)
    .join('') + ADAPTIVE_RATE_LUA;

/** What a process reports to the script and asks for. */
export interface ScriptArgs {
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
  /** In case Redis has forgotten the state: sends per second, and milliseconds that the key is closed; -1 if open. */
  readonly rate: number;
  readonly closedFor: number;
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
}

/** The arguments as the script takes them: numbers in this order, as text. */
export function encodeArgs(args: ScriptArgs): string[] {
  const { epoch, successes, initialSuccesses, ignored, throttle, wanted, rate, closedFor } = args;
  const { burst = 0, span = 0 } = throttle ?? {};
  const results = [epoch, successes, initialSuccesses, ignored ? 1 : 0];
  // No throttle closes for -1 ms.
  const throttled = [throttle?.closedFor ?? -1, throttle?.epoch ?? -1, burst, span];
  return [...results, ...throttled, wanted, rate, closedFor].map(String);
}

/** @throws {Error} When Redis has answered something that the script does not. */
export function decodeResult(reply: unknown): ScriptResult {
  const numbers = Array.isArray(reply) ? reply.map(Number) : [];
  if (numbers.length !== 7 || numbers.some(Number.isNaN)) {
    throw new Error('axios-status-retry: unexpected reply from Redis');
  }
  const [epoch, closedFor, closed, sends, delay, interval, rate] = numbers as Numbers;
  return { epoch, closedFor, closed: closed === 1, sends, delay, interval, rate };
}

type Numbers = [number, number, number, number, number, number, number];

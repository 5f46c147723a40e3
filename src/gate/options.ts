// The options of every gate: their types, defaults and checks.
import type { InternalAxiosRequestConfig } from 'axios';
import type { OptionRule, OptionRules } from '../util/validate.js';
import { A_FUNCTION, number, readOptions } from '../util/validate.js';

/** Options of `createGate`. */
export interface GateOptions {
  /**
   * Requests with the same key share one limiter. Gets a copy of the request as the caller made it, and
   * must return a string.
   *
   * @defaultValue the origin of the request's URL
   */
  readonly key?: ((config: InternalAxiosRequestConfig) => string) | undefined;
  /**
   * How many requests may be in flight to a key that was never throttled. Every fourth success admits one
   * more. An integer, at least 1, or Infinity.
   *
   * @defaultValue 32
   */
  readonly initialConcurrency?: number | undefined;
  /**
   * How many requests may wait at one key; more are refused. An integer, at least 0, or Infinity.
   *
   * @defaultValue Infinity
   */
  readonly maxQueued?: number | undefined;
}

/** The same, checked and complete. */
export interface GateSettings {
  readonly key?: GateOptions['key'];
  readonly initialConcurrency: number;
  readonly maxQueued: number;
}

const RULES: OptionRules<GateOptions> = {
  key: A_FUNCTION,
  initialConcurrency: integerFrom(1),
  maxQueued: integerFrom(0),
};

const DEFAULTS: GateSettings = { initialConcurrency: 32, maxQueued: Infinity };

/**
 * @param owner - Whose options they are, for the message.
 * @param rules - Of the options that only this owner takes.
 * @param defaults - Of the same.
 */
export function readGateOptions<T extends object>(
  owner: string,
  options: GateOptions,
  rules?: Readonly<Record<string, OptionRule>>,
  defaults?: T,
): GateSettings & T {
  return readOptions(owner, options, { ...RULES, ...rules }, { ...DEFAULTS, ...defaults });
}

function integerFrom(least: number): OptionRule {
  return number(
    `an integer, ${least} or more, or Infinity`,
    (value) => (Number.isSafeInteger(value) || value === Infinity) && value >= least,
  );
}

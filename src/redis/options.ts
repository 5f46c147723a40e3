// The options of `createRedisGate`, their defaults and their checks.
import type { GateOptions, GateSettings } from '../gate/options.js';
import { readGateOptions } from '../gate/options.js';
import { A_FUNCTION, A_STRING, number } from '../util/validate.js';

/** Options of `createRedisGate`, beside those of `createGate`. */
export interface RedisGateOptions extends GateOptions {
  /**
   * What the gate's keys in Redis begin with.
   *
   * @defaultValue 'axios-status-retry:gate'
   */
  readonly prefix?: string | undefined;
  /**
   * If Redis takes longer than this to answer, in milliseconds, it counts as unavailable.
   *
   * @defaultValue 500
   */
  readonly commandTimeout?: number | undefined;
  /**
   * Called with the error when Redis becomes unavailable: once for all keys if it does not answer, once for
   * a key if it answers with an error. Not called again until there was no failure for 10 s.
   *
   * @defaultValue none
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const RULES = {
  prefix: A_STRING,
  commandTimeout: number('milliseconds, above 0', (value) => value > 0),
  onError: A_FUNCTION,
};

const DEFAULTS = {
  prefix: 'axios-status-retry:gate',
  commandTimeout: 500,
  onError: (_error: unknown): void => {},
};

/** Checks the options and fills in the defaults. */
export function readRedisGateOptions(options: RedisGateOptions): GateSettings & typeof DEFAULTS {
  return readGateOptions('createRedisGate', options, RULES, DEFAULTS);
}

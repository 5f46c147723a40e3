import type { InternalAxiosRequestConfig } from 'axios';
import { invalidArgument, rejectUnknownKeys } from '../util/validate.js';

/** Options of `createGate`. */
export interface GateOptions {
  /**
   * What a request shares with others: those with the same key share what an answer says. It sees a
   * copy of the request as the caller made it. Default: the origin of its URL.
   */
  readonly key?: ((config: InternalAxiosRequestConfig) => string) | undefined;
  /**
   * Requests in flight at most to a key that was never refused; each success admits one more, and
   * from 256 on each eighth. An integer, at least 1, or Infinity. Default: 32.
   */
  readonly initialConcurrency?: number | undefined;
  /** Requests that may wait at one key; more are refused. An integer or Infinity. Default: Infinity. */
  readonly maxQueued?: number | undefined;
}

/** Those options, checked and complete. */
export interface GateSettings {
  readonly key: GateOptions['key'];
  readonly initialConcurrency: number;
  readonly maxQueued: number;
}

const NAMES: readonly (keyof GateOptions)[] = ['key', 'initialConcurrency', 'maxQueued'];

/**
 * @param owner - Whose options they are, for the message.
 * @param more - Names of options that the owner itself looks at.
 */
export function readGateOptions(
  owner: string,
  options: GateOptions,
  more: readonly string[] = [],
): GateSettings {
  rejectUnknownKeys(owner, options, [...NAMES, ...more]);
  const { key, initialConcurrency = 32, maxQueued = Number.POSITIVE_INFINITY } = options;
  if (key !== undefined && typeof key !== 'function') {
    throw invalidArgument(`${owner}: option "key"`, 'a function', key);
  }
  checkCount(`${owner}: option "initialConcurrency"`, initialConcurrency, 1);
  checkCount(`${owner}: option "maxQueued"`, maxQueued, 0);
  return { key, initialConcurrency, maxQueued };
}

function checkCount(what: string, value: unknown, least: number): void {
  const takes = `an integer, ${least} or more, or Infinity`;
  if (typeof value !== 'number') throw invalidArgument(what, takes, value);
  const isCount = Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY;
  if (!isCount || value < least) throw invalidArgument(what, takes, value, RangeError);
}

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Backoff } from '../policy/backoff.js';
import { platformBackoff } from '../policy/backoff.js';
import type { RetryDecision } from '../policy/decision.js';
import { DEFAULT_MAX_DELAY, DEFAULT_MAX_RETRIES } from '../policy/decision.js';
import type { StatusTable } from '../policy/status-table.js';
import { isStatusTable } from '../policy/status-table.js';
import { formatValue, invalidArgument } from '../util/validate.js';
import type { Clock } from '../wait/clock.js';
import { systemClock } from '../wait/clock.js';
import type { RetryWait } from '../wait/wait-list.js';
import type { RetryBudget, RetryDeferral, RetryGate } from './extensions.js';
import type { RetryReport } from './report.js';

/** Options that stand at `attachRetry` and, for one request, in `config.retry`. */
export interface RetryRequestOptions {
  /** The status table. Default: the platform's, `platformStatusTable`. */
  readonly table?: StatusTable | undefined;
  /** Retries of one request at most, an integer; 0 is none. Default: 5. */
  readonly maxRetries?: number | undefined;
  /** Milliseconds before retry 1, 2, … Default: {@link platformBackoff}. */
  readonly backoff?: Backoff | undefined;
  /** Adds a random 0 to `jitter` × delay, up to `maxDelay`. Default: 0. */
  readonly jitter?: number | undefined;
  /** A longer wait is handed over or given up, never shortened. Milliseconds; default: one day. */
  readonly maxDelay?: number | undefined;
  /** A wait that would end later after the first send is not begun. Milliseconds; default: Infinity. */
  readonly maxElapsed?: number | undefined;
  /** Only these methods are retried, in either letter case. Default: every method. */
  readonly methods?: readonly string[] | undefined;
  /** Also retry what got no answer, if idempotent or keyed. Default: false. */
  readonly networkErrors?: boolean | undefined;
  /** Sets `Idempotency-Key` on POST and PATCH, the same for every attempt. Default: false. */
  readonly idempotencyKey?: boolean | (() => string) | undefined;
  /** Has the last word within the limits, after every failed attempt. */
  readonly decide?:
    | ((decision: RetryDecision, context: RetryContext) => RetryDecision | Promise<RetryDecision>)
    | undefined;
  /** Told as a wait begins. */
  readonly onRetry?: ((wait: RetryWait, context: RetryContext) => unknown) | undefined;
  /** May edit the request after each wait, for that attempt. */
  readonly beforeRetry?:
    | ((config: InternalAxiosRequestConfig, context: RetryContext) => unknown)
    | undefined;
  /** Told once when a call that was or could have been retried ends badly; not of an abort. */
  readonly onGiveUp?: ((report: RetryReport, context: RetryContext) => unknown) | undefined;
}

/** Options of `attachRetry`. */
export interface RetryOptions extends RetryRequestOptions {
  /** Many requests at once share what one answer said. Default: none. */
  readonly gate?: RetryGate | undefined;
  /** Limits retries beside successes. Default: none. */
  readonly budget?: RetryBudget | undefined;
  /** Takes over waits longer than `maxDelay`. Default: none, they are given up. */
  readonly deferral?: RetryDeferral | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** 0 to 1, for `jitter`. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The options of one request, checked and complete. */
export type Policy = RetryRequestOptions & {
  readonly [K in keyof typeof defaults]: NonNullable<RetryRequestOptions[K]>;
};

/** The options of an attached instance beside its policy. */
export interface Attached {
  readonly gate?: RetryGate;
  readonly budget?: RetryBudget;
  readonly deferral?: RetryDeferral;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What an option takes, in words; whether the kind is right; and, if it is, whether the value is. */
type Rule = readonly [
  takes: string,
  isKind: (value: unknown) => boolean,
  isValue?: (value: never) => boolean,
];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isString = (value: unknown): boolean => typeof value === 'string';
const FUNCTION: Rule = ['a function', isFunction];
const BOOLEAN: Rule = ['true or false', isBoolean];
const MILLISECONDS: Rule = ['milliseconds, 0 or more', isNumber, (value: number) => value >= 0];

function port(...members: string[]): Rule {
  return [
    `an object with ${members.join(', ')}`,
    (value) =>
      members.every((name) => isFunction((value as Record<string, unknown> | null)?.[name])),
  ];
}

const requestRules: Readonly<Record<keyof RetryRequestOptions, Rule>> = {
  table: ['a table made by defineStatusTable', isStatusTable],
  maxRetries: [
    'an integer, 0 or more',
    isNumber,
    (value: number) => Number.isSafeInteger(value) && value >= 0,
  ],
  backoff: FUNCTION,
  jitter: [
    'a finite number, 0 or more',
    isNumber,
    (value: number) => value >= 0 && value < Infinity,
  ],
  maxDelay: MILLISECONDS,
  maxElapsed: MILLISECONDS,
  methods: [
    "an array of method names, such as ['GET', 'HEAD']",
    (value) => Array.isArray(value) && value.every(isString),
    (value: string[]) => value.every((method) => /^[\w!#$%&'*+.^`|~-]+$/.test(method)),
  ],
  networkErrors: BOOLEAN,
  idempotencyKey: ['true, false or a function', (value) => isBoolean(value) || isFunction(value)],
  decide: FUNCTION,
  onRetry: FUNCTION,
  beforeRetry: FUNCTION,
  onGiveUp: FUNCTION,
};

const attachRules: Readonly<Record<keyof RetryOptions, Rule>> = {
  ...requestRules,
  gate: port('tryAcquire', 'acquire'),
  budget: port('withdraw', 'deposit'),
  deferral: port('attach', 'defer'),
  clock: port('now', 'setTimeout', 'clearTimeout'),
  random: FUNCTION,
};

const defaults = {
  maxRetries: DEFAULT_MAX_RETRIES,
  backoff: platformBackoff,
  jitter: 0,
  maxDelay: DEFAULT_MAX_DELAY,
  maxElapsed: Infinity,
  networkErrors: false,
  idempotencyKey: false,
};

/** Checks every option that is given, and puts them over those that stand already. */
function checked<T extends object>(
  where: string,
  standing: object,
  options: object,
  rules: Readonly<Record<string, Rule>>,
): T {
  if (!isObject(options) || Array.isArray(options))
    throw invalidArgument(where, 'an object', options);
  const all: Record<string, unknown> = { ...standing };
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const only = Object.hasOwn(attachRules, name) ? ', only attachRetry does' : '';
      const names = Object.keys(rules).join(', ');
      throw new TypeError(
        `axios-status-retry: ${where} does not take ${formatValue(name)}${only}; it takes ${names}`,
      );
    }
    if (value === undefined) continue;
    const [takes, isKind, isValue = () => true] = rule;
    const what = `option "${name}"`;
    if (!isKind(value)) throw invalidArgument(what, takes, value);
    if (!isValue(value as never)) throw invalidArgument(what, takes, value, RangeError);
    all[name] = value;
  }
  return all as T;
}

/** Checks the options of `attachRetry` and fills in the defaults. */
export function readOptions(options: RetryOptions): Policy & Attached {
  const standing = { ...defaults, clock: systemClock, random: Math.random };
  return checked('attachRetry', standing, options, attachRules);
}

/** The instance's policy with a request's own options over it, checked. */
export function mergePolicy(policy: Policy, options: RetryRequestOptions): Policy {
  return checked('config.retry', policy, options, requestRules);
}

/** What a hook is told beside its subject. */
export interface RetryContext {
  /** The failed attempt's config, as Axios shows it. */
  readonly config: InternalAxiosRequestConfig;
  readonly response?: AxiosResponse;
  /** After a wait it is made anew from status and headers; bodies are not kept through waits. */
  readonly error?: unknown;
  /** The retry in question, from 1. */
  readonly retryNumber: number;
  /** Milliseconds since the first send. */
  readonly elapsed: number;
}

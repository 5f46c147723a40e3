// What happened in a run, in order: the oracle reads nothing else.
import type { CancelTokenSource } from 'axios';
import type { RetryReport, RetryWait } from '../../src/index.js';
import type {
  AnswerPlan,
  CallPlan,
  HookName,
  HookPlan,
  InstancePlan,
  OptionsPlan,
} from './plan.js';

export type Outcome = { readonly ok: boolean; readonly value: unknown };

/** What an answer told, on the wall: a time in the headers may be relative to the time of its arrival. */
export interface Told {
  readonly plan: AnswerPlan;
  /** Milliseconds, or an absolute time by the client's wall. */
  readonly retryAfter: { readonly ms: number } | { readonly at: number } | undefined;
}

export interface Sent {
  readonly retryCount: number;
  readonly data: unknown;
  readonly key: string | undefined;
  readonly token: string | undefined;
  /** What earlier passes through the interceptors left in it, one letter each. */
  readonly marks: string;
  readonly edit: string | undefined;
  readonly method: string;
}

export interface WaitFields
  extends Omit<RetryWait, 'retryNow' | 'cancel' | 'status' | 'basis' | 'method' | 'url'> {
  readonly status: number | undefined;
  readonly basis: string;
  readonly method: string;
}

type Detail =
  | { what: 'start' }
  | {
      what: 'request';
      where: 'late' | 'early';
      sameBody: boolean;
      marks: string;
      edit: string | undefined;
      url: string;
      params: unknown;
    }
  | { what: 'request-done'; where: 'late' | 'early'; thrown?: unknown }
  | { what: 'send'; sent: Sent }
  | {
      what: 'answer';
      kind: 'status' | 'network' | 'aborted' | 'timeout';
      told: Told;
      outcome: Outcome;
      /** That of the instance's default header at this time. */
      token: string | undefined;
    }
  | { what: 'inner'; outcome: Outcome }
  | { what: 'inner-done'; outcome: Outcome; act: string }
  | {
      what: 'hook';
      name: HookName;
      plan: HookPlan;
      arg: unknown;
      retryNumber: number;
      state: object;
    }
  | { what: 'hook-done'; name: HookName; thrown?: unknown; returned?: unknown }
  | { what: 'save'; ticket: unknown }
  | { what: 'save-done'; thrown?: unknown }
  | { what: 'outcome'; outcome: Outcome; report: RetryReport | undefined }
  | { what: 'outer-done'; outcome: Outcome; act: string; child?: CallRecord }
  | { what: 'settle'; outcome: Outcome }
  // Not in the order of the call itself: what is done to it, and what is seen of it.
  | { what: 'abort' | 'cancel' | 'retry-now' | 'detach' | 'suspend' }
  | { what: 'wait'; wait: WaitFields }
  | { what: 'wait-gone'; id: unknown };

export type Entry = Detail & { readonly seq: number; readonly at: number; readonly wall: number };
export type EntryDetail = Detail;

const OUTSIDE = new Set(['abort', 'cancel', 'retry-now', 'detach', 'suspend', 'wait', 'wait-gone']);
export const isOutside = ({ what }: Entry): boolean => OUTSIDE.has(what);

/** One call of `request`, by the caller, by `resume`, or by an interceptor that sends a config again. */
export interface CallRecord {
  readonly id: number;
  readonly plan: CallPlan;
  readonly instance: InstancePlan;
  /** Those of the instance and of the request. */
  readonly options: OptionsPlan;
  readonly isOn: boolean;
  readonly isGated: boolean;
  readonly isFrom: 'caller' | 'ticket' | 'interceptor';
  /** Where a ticket or an error stood. */
  readonly carry: Carry;
  readonly entries: Entry[];
  /** What the caller gave, to compare. */
  readonly body: unknown;
  isConfigSame: boolean;
  isSettled: boolean;
  /** How often the wall had been set when it began, and when it ended. */
  changes: [before: number, after: number];
  /** Whether the wall stood still when it began, or was set a moment before. */
  readonly wasStanding: boolean;
  /** Whether the plugin of its instance was replaced or detached meanwhile. */
  isUprooted: boolean;
}

/** What all sends of one body share: the calls of a ticket or of a refresher continue it. */
export interface Script {
  readonly id: number;
  readonly plan: CallPlan;
  readonly body: unknown;
  readonly controller: AbortController | undefined;
  readonly source: CancelTokenSource | undefined;
  current: CallRecord;
  sends: number;
  readonly hookCalls: Record<HookName, number>;
  wait: RetryWait | undefined;
}

export interface Carry {
  readonly retries: number;
  readonly wasSent: boolean;
  readonly firstSentAt: number | undefined;
  /** When the first attempt began, if that is known: interceptors may have held it. */
  readonly firstBegunAt?: number | undefined;
  readonly attempts: number;
  readonly notBefore: number | undefined;
  readonly key: string | undefined;
  readonly previousDelay: number | undefined;
}

export const NO_CARRY: Carry = {
  retries: 0,
  wasSent: false,
  firstSentAt: undefined,
  attempts: 0,
  notBefore: undefined,
  key: undefined,
  previousDelay: undefined,
};

export function statusOf({ value }: Outcome): number | undefined {
  const { status, response } = (value ?? {}) as { status?: number; response?: { status?: number } };
  return response?.status ?? (typeof status === 'number' ? status : undefined);
}

export function codeOf({ value }: Outcome): string | undefined {
  const code = ((value ?? {}) as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

/** Thrown by what a plan lets throw. */
export class ModelError extends Error {
  override name = 'ModelError';
  constructor(
    message: string,
    readonly callId: number,
  ) {
    super(message);
  }
}

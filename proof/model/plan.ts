// One random sequence as plain data: everything that a run of it does is decided here.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export type RetryAfterPlan =
  | { readonly form: 'none' }
  | { readonly form: 'seconds' | 'repeated' | 'array'; readonly seconds: readonly number[] }
  | { readonly form: 'imf' | 'rfc850' | 'asctime'; readonly seconds: number }
  | { readonly form: 'invalid'; readonly text: string };

/** What the played server does with one attempt, after some milliseconds. */
export interface AnswerPlan {
  readonly after: number;
  readonly kind: 'status' | 'network' | 'silence';
  readonly status: number;
  readonly code: string;
  readonly retryAfter: RetryAfterPlan;
  /** The header Date: absent, the time, an hour ahead, or not a date. */
  readonly date: 'none' | 'right' | 'ahead' | 'invalid';
  readonly age: boolean;
  /** The hint headers `x-wait-ms` and `x-should-retry`. */
  readonly hintMs: number | undefined;
  readonly verdict: boolean | undefined;
}

export type HookName = 'decide' | 'onRetry' | 'beforeRetry' | 'onGiveUp';

export interface HookPlan {
  /** Milliseconds until it does what it does; 0 is synchronously, `Infinity` at the end of the run. */
  readonly after: number;
  readonly act:
    | 'ok'
    | 'throw'
    | 'nonsense'
    | 'abort'
    | 'cancel'
    | 'retry-now'
    | 'stop'
    | 'force'
    | 'edit';
  /** The delay that `decide` wants with `force`. */
  readonly delay: number;
}

export interface InterceptorPlan {
  readonly hold: number;
  readonly act: 'ok' | 'throw' | 'swallow' | 'data' | 'refresh';
}

export type BackoffPlan =
  | { readonly kind: 'platform' }
  | { readonly kind: 'exponential'; readonly base: number; readonly factor: number }
  /** Grows by a second from the wait before it. */
  | { readonly kind: 'growing' };

/** The rows of a table: a code or a range, its behavior, and what the row says itself. */
export interface RowPlan {
  readonly code: number | '4xx' | '5xx';
  readonly retry: 'never' | 'retry-after' | 'backoff' | 'retry-after-or-backoff';
  readonly maxRetries?: number;
  readonly backoffMs?: number;
}

/** Options that stand per instance and per request. */
export interface OptionsPlan {
  readonly table?: { readonly rows: readonly RowPlan[]; readonly extendsPlatform: boolean };
  readonly maxRetries?: number;
  readonly backoff?: BackoffPlan;
  readonly jitter?: number;
  readonly maxDelay?: number;
  readonly maxElapsed?: number;
  readonly totalTimeout?: number;
  readonly methods?: readonly string[];
  readonly networkErrors?: boolean;
  readonly idempotencyKey?: boolean;
  readonly hints?: boolean;
}

export interface InstancePlan {
  readonly options: OptionsPlan;
  readonly hooks: boolean;
  readonly random: number;
  readonly gated: boolean;
  readonly budget: 'none' | 'bucket' | 'throttle';
  readonly deferral: 'none' | 'saves' | 'slow' | 'fails' | 'hangs';
  readonly clarifyTimeout: boolean;
}

export interface CallPlan {
  readonly instance: number;
  readonly origin: 'a' | 'b';
  readonly method: Method;
  readonly body: 'none' | 'object' | 'text' | 'stream' | 'form';
  readonly ownKey: boolean;
  readonly validate: 'default' | 'all' | 'only-200';
  readonly retry: OptionsPlan | false | 'wrong' | undefined;
  readonly timeout: number;
  readonly abortable: 'none' | 'signal' | 'token';
  readonly abortedBefore: boolean;
  readonly priority: number;
  /** By attempt; when they are used up, it gets `LAST_ANSWER`. */
  readonly answers: readonly AnswerPlan[];
  /** By the number of the call of the hook; afterwards it is `ok`. */
  readonly hooks: Readonly<Record<HookName, readonly HookPlan[]>>;
  /** By attempt: request interceptors after and before the plugin, response interceptor before it. */
  readonly late: readonly InterceptorPlan[];
  readonly early: readonly InterceptorPlan[];
  readonly inner: readonly InterceptorPlan[];
  /** The response interceptor after the plugin. */
  readonly outer: InterceptorPlan;
}

export type StepPlan =
  | { readonly do: 'send'; readonly call: CallPlan }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'wall'; readonly how: 'back' | 'forward' | 'stand' | 'go'; readonly ms: number }
  | { readonly do: 'abort' | 'cancel' | 'retry-now' | 'resume'; readonly pick: number }
  | { readonly do: 'detach' | 'attach' | 'suspend' | 'drain' | 'token'; readonly pick: number };

export interface GatePlan {
  readonly initialConcurrency: number;
  readonly maxConcurrency: number;
  readonly maxQueued: number;
  readonly maxRate: { readonly requests: number; readonly per: number } | undefined;
  readonly quota: { readonly limit: number; readonly windowMs: number } | undefined;
  readonly priority: boolean;
}

export interface Plan {
  readonly gate: GatePlan;
  readonly instances: readonly InstancePlan[];
  readonly steps: readonly StepPlan[];
}

export const HOOK_OK: HookPlan = { after: 0, act: 'ok', delay: 0 };
export const PASS: InterceptorPlan = { hold: 0, act: 'ok' };
/** The answer when those of the plan are used up: a status that no table of a plan retries. */
export const LAST_ANSWER: AnswerPlan = {
  after: 10,
  kind: 'status',
  status: 299,
  code: '',
  retryAfter: { form: 'none' },
  date: 'none',
  age: false,
  hintMs: undefined,
  verdict: undefined,
};

/** The backoff of a plan as a function, as the option takes it. */
export function backoffOf(
  plan: BackoffPlan | undefined,
): (retryNumber: number, previousDelay: number | undefined) => number {
  if (plan?.kind === 'exponential') return (n) => plan.base * plan.factor ** (n - 1);
  if (plan?.kind === 'growing') return (_n, previous) => (previous ?? 1000) + 1000;
  return (n) => 1000 * 2 ** (3 * n);
}

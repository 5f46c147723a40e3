// The hooks of the engine that ask axios-retry's functions.
import type { AxiosError, InternalAxiosRequestConfig } from 'axios';
import type { RetryContext, RetryRequestOptions } from '../core/options.js';
import type { RetryDecision } from '../policy/decision.js';
import type { InformedAnswer } from '../policy/override.js';
import { isSingleUseBody } from '../request/body.js';
import type { Clock } from '../wait/clock.js';
import { unwrap } from './any-error.js';
import type { ConfigEdits, OriginalConfig } from './config-edits.js';
import { applyEdits, copyOf, editsIn } from './config-edits.js';
import { retryAfter } from './delays.js';
import type { OptionsOf } from './interceptors.js';
import type { IAxiosRetryConfigExtended, PassedOnOptions } from './options.js';
import { namespace, toCount } from './options.js';

type Config = InternalAxiosRequestConfig;

/** Per call, in `context.state`. */
interface Progress {
  /** The config of the failed attempt, before axios-retry's hooks. */
  original?: OriginalConfig | undefined;
  edits?: ConfigEdits;
  /** What the failed attempt's config has under axios-retry's key, after its hooks. */
  own?: IAxiosRetryConfigExtended | undefined;
  /** `onMaxRetryTimesExceeded` was called. */
  isTold?: boolean;
}

/** Asks axios-retry's functions in the order in which it does. */
export class Hooks {
  readonly #optionsOf: OptionsOf;
  /** Errors that came through the response interceptor; without it, nothing is retried. */
  readonly #seen: WeakSet<object>;
  readonly #clock: Clock;
  readonly #passedOn: PassedOnOptions;

  constructor(
    optionsOf: OptionsOf,
    seen: WeakSet<object>,
    clock: Clock,
    passedOn: PassedOnOptions,
  ) {
    this.#optionsOf = optionsOf;
    this.#seen = seen;
    this.#clock = clock;
    this.#passedOn = passedOn;
  }

  readonly decide = async (
    decision: RetryDecision,
    context: RetryContext,
  ): Promise<InformedAnswer> => {
    const { config, retryNumber, state } = context;
    if (!context.error || !this.#seen.has(context.error)) return { retry: false };
    const error = unwrap(context.error);
    const own = Object.assign(this.#optionsOf(config), { retryCount: retryNumber - 1 });
    const progress = progressIn(state);
    const reason = decision.retry ? undefined : decision.reason;
    const maxRetries = toCount(own.retries);
    config[namespace] = own;
    if (retryNumber > maxRetries) {
      progress.isTold = true;
      await own.onMaxRetryTimesExceeded(error, retryNumber - 1);
      const isLimit = reason === undefined || reason === 'max-retries';
      return isLimit ? { retry: true, delay: 0, limits: { maxRetries } } : decision;
    }
    if (reason === 'hint') return decision;
    const { data } = config;
    progress.original = copyOf(config);
    if (!(await isWanted(own.retryCondition(error)))) return { retry: false };
    own.retryCount = retryNumber;
    const asked: unknown = own.retryDelay(retryNumber, error);
    const delay = Math.max(0, Number(asked) || 0);
    const limits = { maxRetries };
    if (config.timeout && !own.shouldResetTimeout) {
      // It is for the whole request: the next attempt gets what is left.
      const now = this.#clock.now();
      const spent = now - (own.lastRequestTime ?? now);
      const left = config.timeout - spent - Math.max(delay, retryAfter(error));
      // Axios reads 0.5 as no time-out.
      if (left < 1) return { retry: true, delay, limits: { ...limits, totalTimeout: -1 } };
      config.timeout = left;
    }
    // Only `onRetry` can tell whether there is a fresh body, so it is asked before the decision.
    if (isSingleUseBody(data)) await this.#tell(error, context);
    const facts = config.data === data ? {} : { oneShotBody: false };
    return { retry: true, delay, limits, facts };
  };

  readonly onRetry = (_wait: unknown, context: RetryContext): Promise<void> =>
    this.#tell(unwrap(context.error) as AxiosError, context);

  readonly beforeRetry = (config: Config, context: RetryContext): unknown => {
    const { edits, own } = progressIn(context.state);
    if (edits) applyEdits(config, edits);
    config[namespace] = { ...own, retryCount: context.retryNumber };
    return this.#passedOn.beforeRetry?.(config, context);
  };

  readonly onGiveUp: NonNullable<RetryRequestOptions['onGiveUp']> = async (report, context) => {
    const { config, error, state } = context;
    const { retries, onMaxRetryTimesExceeded } = this.#optionsOf(config);
    const retryCount = context.retryNumber - 1;
    // The last attempt ran into `totalTimeout`.
    if (error && retryCount >= toCount(retries) && !progressIn(state).isTold) {
      await onMaxRetryTimesExceeded(unwrap(error), retryCount);
    }
    await this.#passedOn.onGiveUp?.(report, context);
  };

  /** Calls axios-retry's `onRetry`, once per retry, and keeps what it has changed in the config. */
  async #tell(error: AxiosError, { config, retryNumber, state }: RetryContext): Promise<void> {
    const progress = progressIn(state);
    const { original } = progress;
    if (!original) return;
    progress.original = undefined;
    await this.#optionsOf(config).onRetry(retryNumber, error, config);
    progress.edits = editsIn(config, original, progress.edits);
    progress.own = config[namespace];
  }
}

function progressIn(state: RetryContext['state']): Progress {
  state[namespace] ??= {};
  return state[namespace] as Progress;
}

/** axios-retry's rule: of a promise, only `false` and a rejection mean no. */
async function isWanted(answer: boolean | Promise<unknown>): Promise<boolean> {
  if (typeof answer !== 'object') return Boolean(answer);
  try {
    return (await answer) !== false;
  } catch {
    return false;
  }
}

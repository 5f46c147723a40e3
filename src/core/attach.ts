// Attaches the plugin to an Axios instance.
import type { InternalAxiosRequestConfig } from 'axios';
import { ChainHook } from '../axios/chain-hook.js';
import { DefaultHeaders } from '../axios/default-headers.js';
import type { AxiosLike, Handler, Instance } from '../axios/interceptors.js';
import { handlersOf, isOnlyInterceptor } from '../axios/interceptors.js';
import { createSender } from '../axios/sender.js';
import { setIdempotencyKey } from '../request/idempotency-key.js';
import { Interner, RequestSnapshot } from '../request/snapshot.js';
import { CONFIG_KEY } from '../request/state.js';
import { invalidArgument } from '../util/validate.js';
import { isAborted, signalsOf } from '../wait/abort.js';
import { TimerQueue } from '../wait/timer-queue.js';
import type { RetryWait } from '../wait/wait-list.js';
import { WaitList } from '../wait/wait-list.js';
import { Call } from './call.js';
import { toOutcome } from './ending.js';
import type { RetryProgress } from './extensions.js';
import type { RetryOptions, RetryRequestOptions } from './options.js';
import { mergePolicy, readAttachOptions } from './options.js';
import { settleOrRetry } from './retry-loop.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Retry options of this request, merged over the instance's; `false` turns the plugin off. */
    retry?: RetryRequestOptions | false;
  }
}

/** Returned by `attachRetry`. */
export interface RetryHandle {
  /** Every request that waits; the same frozen array until something changes. */
  readonly waits: readonly RetryWait[];
  /** Calls `listener` once per microtask in which `waits` changed. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void;
  /** Stops retrying. Waits under way end as by `cancel()`. */
  detach(): void;
}

/** On the plugin's own `runWhen`, to find an earlier attachment, also by another copy of the package. */
const HANDLE = Symbol.for('axios-status-retry.handle');

/** Put on the config of a request that must not be sent: it fails with the error. */
class RejectedConfig {
  constructor(readonly error: unknown) {}
}

type Config = InternalAxiosRequestConfig & { [CONFIG_KEY]?: unknown };

/**
 * Retries the requests of an Axios instance as the status table says.
 *
 * @param axios - `axios`, `axios.create()` or `new Axios()`. Interceptors registered before this
 *   call see every attempt, those registered after it only the final outcome. A second call replaces
 *   the first.
 * @param options - Durations in milliseconds; every option has a default.
 * @throws {TypeError} When `axios` or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When an option is out of range.
 */
export function attachRetry(axios: AxiosLike, options: RetryOptions = {}): RetryHandle {
  const instance = axios as unknown as Instance;
  const own = { runWhen, responseHandler: () => handler };
  const send = createSender(instance, own);
  if (send === undefined) {
    throw invalidArgument('attachRetry', 'axios, axios.create() or new Axios()', instance);
  }
  const policy = readAttachOptions(options);
  const { gate, clock } = policy;
  const waits = new WaitList(clock);
  const owner = {
    ...policy,
    waits,
    deadlines: new TimerQueue(clock, () => undefined),
    keys: new Interner<string>(),
    detached: false,
    defaultHeaders: new DefaultHeaders(instance),
    send,
  };
  const requestHandlers = new Interner<unknown>();
  const { request, response } = instance.interceptors;
  const chain = new ChainHook<Call>({
    onFulfilled: (call, value) => settleOrRetry(call, { ok: true, value }),
    onRejected: (call, error) => settleOrRetry(call, toOutcome(error)),
    onAbandoned: (call) => call.fail(),
  });

  /** Sees the merged config before any interceptor does. True if the first send has to wait. */
  function runWhen(config: Config): boolean {
    chain.open(Boolean(gate ?? clock.inFlight));
    try {
      Call.from(config)?.release(config);
      // Axios does not send an aborted request, and before 1.19 skips response interceptors for it.
      if (config.retry !== false && !owner.detached && !isAborted(signalsOf(config))) {
        return begin(config);
      }
      delete config[CONFIG_KEY];
      return false;
    } catch (error) {
      config[CONFIG_KEY] = new RejectedConfig(error);
      return true;
    }
  }

  function begin(config: Config): boolean {
    const { retry } = config;
    const merged = retry === undefined ? policy : mergePolicy(policy, retry as RetryRequestOptions);
    const prior = CONFIG_KEY in config ? takePrior(config) : undefined;
    if (merged.idempotencyKey) setIdempotencyKey(config, merged.idempotencyKey);
    const mayChange = !isOnlyInterceptor(instance, own);
    const snapshot = new RequestSnapshot(config, mayChange);
    const interceptors = mayChange ? requestHandlers.intern(handlersOf(request)) : undefined;
    const call = new Call(owner, merged, snapshot, interceptors);
    config[CONFIG_KEY] = call;
    chain.claim(call);
    if (prior) call.continue(prior);
    return call.begin(config);
  }

  /** The progress of a request that is sent again, whose config gets the caller's own body back. */
  function takePrior(config: Config): RetryProgress | undefined {
    const earlier = Call.from(config);
    earlier?.restore(config, owner);
    const prior = earlier ?? priorProgress(config[CONFIG_KEY]);
    delete config[CONFIG_KEY];
    return prior;
  }

  /** Axios calls this only if `runWhen` returned true. */
  function onRequest(config: Config): Config | Promise<Config> {
    const state = config[CONFIG_KEY];
    if (state instanceof RejectedConfig) throw state.error;
    return Call.from(config)?.acquireFirstPermit(config) ?? config;
  }

  const handle: RetryHandle = {
    get waits() {
      return waits.list();
    },
    subscribe: (listener) => waits.subscribe(listener),
    detach() {
      owner.detached = true;
      // In older Axios an id is a position, which may belong to another handler by now.
      if (handlersOf(request).some((one) => one.runWhen === runWhen)) request.eject(requestId);
      if (handlersOf(response).includes(handler)) response.eject(responseId);
      for (const wait of waits.all) wait.cancel();
    },
  };

  // These two may throw; until here nothing has changed.
  gate?.attach?.(owner);
  policy.deferral?.attach(instance, owner);
  detachEarlier(instance);
  Object.assign(runWhen, { [HANDLE]: handle });
  const requestId = request.use(onRequest, undefined, { runWhen });
  const responseId = response.use();
  const handler = handlersOf(response).at(-1) as Handler;
  chain.install(handler);
  return handle;
}

/** Progress that a deferral put on the config; the copy of a call has lost its private fields. */
function priorProgress(state: unknown): RetryProgress | undefined {
  const { retries, firstSentAt } = (state ?? {}) as Partial<RetryProgress>;
  const isCount = Number.isSafeInteger(retries) && (retries as number) >= 0;
  return isCount && Number.isFinite(firstSentAt) ? (state as RetryProgress) : undefined;
}

/** Looks at the request handlers, because people clear response interceptors more often than these. */
function detachEarlier({ interceptors }: Instance): void {
  for (const { runWhen } of handlersOf(interceptors.request)) {
    (runWhen as { [HANDLE]?: RetryHandle } | null | undefined)?.[HANDLE]?.detach();
  }
}

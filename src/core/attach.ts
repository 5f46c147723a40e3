import type { InternalAxiosRequestConfig } from 'axios';
import type { Handler, Instance } from '../axios/interceptors.js';
import { handlersOf, isOnlyInterceptor } from '../axios/interceptors.js';
import { createSender } from '../axios/sender.js';
import { setIdempotencyKey } from '../request/idempotency-key.js';
import { KeyInterner, RequestSnapshot } from '../request/snapshot.js';
import { CONFIG_KEY } from '../request/state.js';
import { invalidArgument } from '../util/validate.js';
import { isAborted } from '../wait/abort.js';
import type { RetryWait } from '../wait/wait-list.js';
import { WaitList } from '../wait/wait-list.js';
import { Call } from './call.js';
import type { RetryProgress } from './extensions.js';
import type { RetryOptions, RetryRequestOptions } from './options.js';
import { mergePolicy, readOptions } from './options.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Retry options of this request over the instance's; `false` turns the plugin off for it. */
    retry?: RetryRequestOptions | false;
  }
}

/** What `attachRetry` returns. */
export interface RetryHandle {
  /** Every request that waits; the same frozen array until something changes. */
  readonly waits: readonly RetryWait[];
  /** Calls `listener` once per microtask in which `waits` changed. Returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** From now on nothing is retried; what waits ends as by `cancel()`. */
  detach(): void;
}

/** On the plugin's own `runWhen`, to find an earlier attachment, also one of another copy. */
const HANDLE = Symbol.for('axios-status-retry.handle');

/** Left on a config that must not be sent: the request fails with its error. */
class RejectedConfig {
  constructor(readonly error: unknown) {}
}

/** What somebody has put on a config to go on from; not the copy of a call, which lost its inside. */
function priorProgress(state: unknown): RetryProgress | undefined {
  const { retries, firstSentAt } = (state ?? {}) as Partial<RetryProgress>;
  const isCount = Number.isSafeInteger(retries) && (retries as number) >= 0;
  return isCount && Number.isFinite(firstSentAt) ? (state as RetryProgress) : undefined;
}

type Config = InternalAxiosRequestConfig & { [CONFIG_KEY]?: unknown };

function isInstance(instance: unknown): boolean {
  const { request, interceptors } = (instance ?? {}) as Partial<Instance>;
  return typeof request === 'function' && typeof interceptors?.response?.use === 'function';
}

/** By the request handlers, as people clear response interceptors rather than these. */
function detachEarlier({ interceptors }: Instance): void {
  for (const { runWhen } of handlersOf(interceptors.request)) {
    (runWhen as { [HANDLE]?: RetryHandle } | null | undefined)?.[HANDLE]?.detach();
  }
}

/**
 * Retries the requests of an Axios instance by the status table.
 *
 * @param instance - `axios`, `axios.create()` or `new Axios()`. What is registered on it before sees
 *   every attempt, what is registered after sees only the final outcome. Attaching again replaces.
 * @param options - Durations in milliseconds; every one has a default.
 * @throws {TypeError} When `instance` or an option is of a wrong kind, or an option is unknown.
 * @throws {RangeError} When an option has a value it does not take.
 */
export function attachRetry(instance: Instance, options: RetryOptions = {}): RetryHandle {
  const own = { runWhen, handler: () => handler };
  const sender = isInstance(instance) ? createSender(instance, own) : undefined;
  if (sender === undefined)
    throw invalidArgument('attachRetry', 'axios, axios.create() or new Axios()', instance);
  const policy = readOptions(options);
  const { gate, clock } = policy;
  const { request, response } = instance.interceptors;
  const waits = new WaitList(clock);
  const host = { ...policy, waits, names: new KeyInterner(), detached: false, send: sender };
  /** The calls whose chains Axios is building: right after `runWhen` it takes the response handlers. */
  const begun: (Call | undefined)[] = [];

  /** Sees the merged config before any interceptor does; true where the first send has to wait. */
  function runWhen(config: Config): boolean {
    // A chain under way beside this one, or one that was given up: Axios builds a chain in one go.
    if (begun.length > 0 || gate || clock.inFlight) queueMicrotask(forsake);
    begun.push(undefined);
    try {
      // What is aborted already is not sent, and before Axios 1.19 its outcome does not come by here.
      if (config.retry !== false && !host.detached && !isAborted(config)) return begin(config);
      delete config[CONFIG_KEY];
      return false;
    } catch (error) {
      config[CONFIG_KEY] = new RejectedConfig(error);
      return true;
    }
  }

  function begin(config: Config): boolean {
    const { retry } = config;
    const limits = retry === undefined ? policy : mergePolicy(policy, retry as RetryRequestOptions);
    const prior = CONFIG_KEY in config ? takeOver(config) : undefined;
    if (limits.idempotencyKey) setIdempotencyKey(config, limits.idempotencyKey);
    const call = new Call(
      host,
      limits,
      new RequestSnapshot(config, !isOnlyInterceptor(instance, own)),
    );
    config[CONFIG_KEY] = call;
    begun[begun.length - 1] = call;
    if (prior) call.continue(prior);
    return !call.mayEnter();
  }

  /** Where a request that somebody sends again stood; it starts from its caller's own body. */
  function takeOver(config: Config): RetryProgress | undefined {
    const earlier = Call.from(config);
    earlier?.restore(config, host);
    const prior = earlier ?? priorProgress(config[CONFIG_KEY]);
    delete config[CONFIG_KEY];
    return prior;
  }

  /** A request whose chain was not built after all has no outcome; it ends here. */
  function forsake(): void {
    for (const call of begun.splice(0)) call?.end(false);
  }

  function onRequest(config: Config): Config | Promise<Config> {
    const state = config[CONFIG_KEY];
    if (state instanceof RejectedConfig) throw state.error;
    return Call.from(config)?.enter(config) ?? config;
  }

  const handle: RetryHandle = {
    get waits() {
      return waits.list();
    },
    subscribe: (listener) => waits.subscribe(listener),
    detach() {
      host.detached = true;
      // Only where they still are: in older Axios an id is a place, which may be another's by now.
      if (handlersOf(request).some((one) => one.runWhen === runWhen)) request.eject(requestId);
      if (handlersOf(response).includes(handler)) response.eject(responseId);
      for (const wait of waits.all) wait.cancel();
    },
  };

  // They may refuse; then nothing has changed yet.
  gate?.attach?.(host);
  policy.deferral?.attach(instance, host);
  detachEarlier(instance);
  Object.assign(runWhen, { [HANDLE]: handle });
  const requestId = request.use(onRequest, undefined, { runWhen });
  const responseId = response.use(() => undefined as never);
  const handler = handlersOf(response).at(-1) as Handler;
  // The outcome of a chain belongs to the call it was begun for, also when it is an error without a
  // config or what another interceptor made of it. So each chain takes handlers of its own.
  Object.defineProperties(handler, {
    fulfilled: {
      get(): Call['fulfilled'] | undefined {
        const call = begun.at(-1);
        return call && ((value) => call.fulfilled(value));
      },
    },
    rejected: {
      get(): Call['rejected'] | undefined {
        const call = begun.pop();
        return call && ((error) => call.rejected(error));
      },
    },
  });
  return handle;
}

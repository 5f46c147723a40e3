import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, AxiosHeaders, CanceledError, isCancel } from 'axios';
import type { Abortable } from './abort.js';
import type { Outcome } from './failure.js';
import { responseOf } from './failure.js';
import type { Snapshot } from './replay.js';
import { STATE } from './state.js';

// The one file that uses Axios itself; every other one takes only its types.

/** Whether an error is Axios's own for what was aborted. */
export function isCanceled(error: unknown): boolean {
  try {
    return isCancel(error);
  } catch {
    return false;
  }
}

/** What the plugin needs of an instance; `axios`, `axios.create()` and `new Axios()` have it. */
export type Instance = Pick<AxiosInstance, 'request' | 'interceptors'>;

export interface Handler {
  readonly runWhen?: unknown;
  readonly fulfilled?: unknown;
  readonly rejected?: unknown;
}

/** The part of an interceptor manager that Axios itself uses for each request. */
interface Handlers {
  forEach(visit: (handler: Handler) => void): void;
}

/** How its managers keep them; what was ejected is null. */
interface HandlerList {
  readonly handlers: readonly (Handler | null)[];
}

interface Inner extends Instance {
  defaults: object;
  interceptors: Instance['interceptors'];
}

/** The plugin's own interceptors on the instance, to be told from the others. */
export interface OwnInterceptors {
  readonly runWhen: unknown;
  /** Among the response interceptors. */
  handler(): Handler;
}

/** The handlers that a manager of an Axios instance has now, the earliest first. */
export function handlersOf(manager: unknown): Handler[] {
  const handlers: Handler[] = [];
  (manager as Handlers).forEach((handler) => {
    handlers.push(handler);
  });
  return handlers;
}

/**
 * Whether the plugin sees each request first and each outcome first, so that nobody else can have
 * changed its config. Asked for every request, so it reads the lists of Axios's managers as they are;
 * where there are none, it says no.
 */
export function isAlone({ interceptors }: Instance, own: OwnInterceptors): boolean {
  const { handlers: requests } = interceptors.request as Partial<HandlerList>;
  const { handlers: responses } = interceptors.response as Partial<HandlerList>;
  if (!requests || !responses) return false;
  for (const one of requests) if (one && one.runWhen !== own.runWhen) return false;
  for (const one of responses) if (one) return one === own.handler();
  return false;
}

/** The class that Axios's own `request` is of, below any class of the user's that extends it. */
function baseOf(instance: object): Inner | undefined {
  let base: Inner | undefined;
  for (let at: object | null = instance; at !== null; at = Object.getPrototypeOf(at) as object) {
    if (at !== instance && Object.hasOwn(at, 'request')) base = at as Inner;
  }
  return base;
}

/** Another instance of the same Axios, without defaults; undefined where `instance` is none. */
function innerOf(instance: Instance): Inner | undefined {
  const { create } = instance as { create?: (config: object) => Inner };
  if (typeof instance !== 'function' || typeof create !== 'function') {
    const base = baseOf(instance);
    if (base === undefined) return undefined;
    const inner = Object.create(base) as Inner;
    return Object.assign(inner, { defaults: {}, interceptors: {} });
  }
  const inner = create({});
  // Shared with a bound context, so changed in place.
  const defaults = inner.defaults as Record<string, unknown>;
  for (const name of Object.keys(defaults)) delete defaults[name];
  return inner;
}

/** The end of each inner chain. An error that leaves a `request` has its stack rewritten: a large cost. */
const ENDING = {
  fulfilled: (value: AxiosResponse): Outcome => ({ ok: true, value }),
  rejected: (value: AxiosError): Outcome => ({ ok: false, value }),
};

/**
 * Sends through the instance, but for what a call has once: the plugin itself and the response
 * interceptors after it. This is an inner instance without defaults (a replayed config has them
 * already) that has the other's interceptors as they are at each send, so nothing is left unsettled.
 *
 * @returns A function that rejects only where Axios could not even begin; undefined where `instance`
 *   is no Axios instance.
 */
export function createSender(
  instance: Instance,
  own: OwnInterceptors,
): ((config: InternalAxiosRequestConfig) => Promise<Outcome>) | undefined {
  const inner = innerOf(instance);
  if (inner === undefined) return undefined;
  const { request, response } = instance.interceptors;
  const requestView: Handlers = {
    forEach: (visit) =>
      handlersOf(request)
        .filter(({ runWhen }) => runWhen !== own.runWhen)
        .forEach(visit),
  };
  const responseView: Handlers = {
    forEach(visit) {
      const handlers = handlersOf(response);
      handlers.slice(0, Math.max(handlers.indexOf(own.handler()), 0)).forEach(visit);
      visit(ENDING);
    },
  };
  Object.assign(inner.interceptors, { request: requestView, response: responseView });
  return (config) => {
    const { headers } = config;
    // As a plain object: Axios 1.2 reads an AxiosHeaders by what it would send, and so forgets which
    // ones the caller has removed. It takes its own copy at once; a hook may still hold the config.
    config.headers = { ...headers } as typeof headers;
    try {
      return inner.request<unknown, Outcome>(config);
    } finally {
      config.headers = headers;
    }
  };
}

/** The request of a snapshot, ready to be sent, with the plugin's key on it. */
export function configOf(snapshot: Snapshot, state: unknown): InternalAxiosRequestConfig {
  const config = snapshot.config();
  // Own keys one by one: `false` and `null` mean "removed" and must stay.
  config.headers = Object.assign(new AxiosHeaders(), config.headers);
  config[STATE] = state;
  return config as unknown as InternalAxiosRequestConfig;
}

/** The error of an aborted request, as Axios itself makes it. */
export function canceledError(abortable: Abortable, config: InternalAxiosRequestConfig): unknown {
  return abortable.cancelToken?.reason ?? new CanceledError(undefined, config);
}

/** What a request last ended with, kept through a wait without body, request and config. */
export class LastOutcome {
  readonly status: number | undefined;
  readonly #ok: boolean;
  readonly #statusText: string | undefined;
  readonly #headers: AxiosResponse['headers'] | undefined;
  readonly #message: string | undefined;
  readonly #code: string | undefined;

  constructor(outcome: Outcome) {
    const { ok, value } = outcome;
    const response = responseOf(outcome);
    this.#ok = ok;
    this.status = response?.status;
    this.#statusText = response?.statusText;
    this.#headers = response?.headers;
    this.#message = ok ? undefined : value.message;
    this.#code = ok ? undefined : value.code;
  }

  response(config: InternalAxiosRequestConfig): AxiosResponse | undefined {
    if (this.status === undefined) return undefined;
    return {
      status: this.status,
      statusText: this.#statusText ?? '',
      headers: this.#headers ?? {},
      config,
      data: undefined,
      request: undefined,
    };
  }

  error(config: InternalAxiosRequestConfig): AxiosError {
    const message = this.#message ?? `Request failed with status code ${this.status}`;
    return new AxiosError(message, this.#code, config, undefined, this.response(config));
  }

  /** What the request settles with when it is sent no more. */
  outcome(config: InternalAxiosRequestConfig): Outcome {
    const response = this.#ok ? this.response(config) : undefined;
    return response ? { ok: true, value: response } : { ok: false, value: this.error(config) };
  }
}

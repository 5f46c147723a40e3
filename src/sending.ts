import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, AxiosHeaders, CanceledError, isCancel } from 'axios';
import type { Abortable } from './abort.js';
import type { Outcome } from './failure.js';
import { responseOf } from './failure.js';
import type { Snapshot } from './replay.js';
import { STATE } from './state.js';

// The one file that uses Axios itself; every other one takes only its types.
export { isCancel };

/** What the plugin needs of an instance; `axios`, `axios.create()` and `new Axios()` have it. */
export type Instance = Pick<AxiosInstance, 'request' | 'interceptors'>;

interface Handler {
  readonly runWhen?: unknown;
}

/** The part of an interceptor manager that Axios itself uses for each request. */
interface Handlers {
  forEach(visit: (handler: Handler) => void): void;
}

interface Inner extends Instance {
  defaults: object;
  readonly create?: (config: object) => Inner;
}

/** The plugin's own interceptors on the instance, to be told from the others. */
export interface OwnInterceptors {
  readonly runWhen: unknown;
  /** Among the response interceptors. */
  readonly handler: object;
}

/** Visits the handlers that an Axios instance has now. */
export function eachHandler(manager: unknown, visit: (handler: Handler) => void): void {
  (manager as Handlers).forEach(visit);
}

/** The handler that was registered last. */
export function lastHandler(manager: unknown): object {
  let last: object = {};
  eachHandler(manager, (handler) => {
    last = handler;
  });
  return last;
}

/**
 * Sends through the instance, but for what a call has once: the plugin itself and the response
 * interceptors after it. This is an inner instance without defaults (a replayed config has them
 * already) that has the other's interceptors as they are at each send, so nothing is left unsettled.
 */
export function createSender(
  instance: Instance,
  own: OwnInterceptors,
): (config: InternalAxiosRequestConfig) => Promise<AxiosResponse> {
  const outer = instance as Inner;
  const create = typeof instance === 'function' ? outer.create : undefined;
  const inner = create === undefined ? (Object.create(outer) as Inner) : create({});
  const { request, response } = outer.interceptors;
  const requestView: Handlers = {
    forEach: (visit) =>
      eachHandler(request, (handler) => {
        if (handler.runWhen !== own.runWhen) visit(handler);
      }),
  };
  const responseView: Handlers = {
    forEach: (visit) => {
      let before = true;
      eachHandler(response, (handler) => {
        before &&= handler !== own.handler;
        if (before) visit(handler);
      });
    },
  };
  const views = { request: requestView, response: responseView };
  if (create === undefined) Object.assign(inner, { defaults: {}, interceptors: views });
  else {
    // `defaults` and `interceptors` are shared with the bound context: they are changed in place.
    const defaults = inner.defaults as Record<string, unknown>;
    for (const name of Object.keys(defaults)) delete defaults[name];
    Object.assign(inner.interceptors, views);
  }
  return (config) => inner.request(config);
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

interface Unread {
  readonly pipe?: unknown;
  readonly getReader?: unknown;
  on?(event: 'error', listener: () => void): void;
  destroy?(): void;
  cancel?(): Promise<void>;
}

/** Destroys the body of a response that nobody will read, so that it holds no socket. */
export function discardBody(response: AxiosResponse | undefined): void {
  const body = response?.data as Unread | null | undefined;
  if (typeof body !== 'object' || body === null) return;
  const ignore = (): void => undefined;
  if (typeof body.pipe === 'function') {
    body.on?.('error', ignore);
    body.destroy?.();
    // Axios may have wrapped the body in a stream of its own, which does not pass this on.
    (response?.request as Unread | undefined)?.destroy?.();
  } else if (typeof body.getReader === 'function') {
    body.cancel?.().catch(ignore);
  }
}

/** Gives an error the HTTP error as its cause, where it has none of its own. */
export function addCause(error: unknown, { ok, value }: Outcome): void {
  if (error instanceof Error && !ok && !('cause' in error) && Object.isExtensible(error)) {
    Object.defineProperty(error, 'cause', { value, configurable: true, writable: true });
  }
}

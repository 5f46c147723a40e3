// The shape of Axios's interceptor managers, as far as the plugin reads them.
import type { AxiosInstance } from 'axios';

/**
 * An Axios instance: `axios`, `axios.create()` or `new Axios()`, of this copy of Axios, another copy
 * or another version. Parameters are `never` because the types of two versions do not fit each other.
 */
export interface AxiosLike {
  request(config: never): Promise<unknown>;
  readonly interceptors: {
    readonly request: InterceptorManagerLike;
    readonly response: InterceptorManagerLike;
  };
}

interface InterceptorManagerLike {
  use(onFulfilled?: never, onRejected?: never): number;
  eject(id: number): void;
}

/** The same, with the types of the Axios that the package is compiled with. */
export type Instance = Pick<AxiosInstance, 'request' | 'interceptors'>;

export interface Handler {
  readonly runWhen?: unknown;
  readonly fulfilled?: unknown;
  readonly rejected?: unknown;
}

/** The only method of an interceptor manager that Axios itself calls for a request. */
export interface Handlers {
  forEach(visit: (handler: Handler) => void): void;
}

/** How a manager stores its handlers; an ejected one is null. */
interface HandlerList {
  readonly handlers: readonly (Handler | null)[];
}

/** The plugin's own interceptors on an instance. */
export interface OwnInterceptors {
  readonly runWhen: unknown;
  responseHandler(): Handler;
}

export function isInstance(value: unknown): value is Instance {
  const { request, interceptors } = (value ?? {}) as Partial<Instance>;
  return typeof request === 'function' && typeof interceptors?.response?.use === 'function';
}

/** The handlers of a manager, the earliest first. */
export function handlersOf(manager: unknown): Handler[] {
  const handlers: Handler[] = [];
  (manager as Handlers).forEach((handler) => {
    handlers.push(handler);
  });
  return handlers;
}

/**
 * Whether the plugin sees each request first and each outcome first, so that no other interceptor can
 * have changed the config. This runs for every request, so it reads the managers' lists directly and
 * answers no if there are none.
 */
export function isOnlyInterceptor({ interceptors }: Instance, own: OwnInterceptors): boolean {
  const { handlers: requests } = interceptors.request as Partial<HandlerList>;
  const { handlers: responses } = interceptors.response as Partial<HandlerList>;
  if (!requests || !responses) return false;
  for (const one of requests) if (one && one.runWhen !== own.runWhen) return false;
  for (const one of responses) if (one) return one === own.responseHandler();
  return false;
}

import type { AxiosInstance } from 'axios';

/** What the plugin needs of an instance; `axios`, `axios.create()` and `new Axios()` have it. */
export type Instance = Pick<AxiosInstance, 'request' | 'interceptors'>;

export interface Handler {
  readonly runWhen?: unknown;
  readonly fulfilled?: unknown;
  readonly rejected?: unknown;
}

/** The part of an interceptor manager that Axios itself uses for each request. */
export interface Handlers {
  forEach(visit: (handler: Handler) => void): void;
}

/** How its managers keep them; what was ejected is null. */
interface HandlerList {
  readonly handlers: readonly (Handler | null)[];
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
export function isOnlyInterceptor({ interceptors }: Instance, own: OwnInterceptors): boolean {
  const { handlers: requests } = interceptors.request as Partial<HandlerList>;
  const { handlers: responses } = interceptors.response as Partial<HandlerList>;
  if (!requests || !responses) return false;
  for (const one of requests) if (one && one.runWhen !== own.runWhen) return false;
  for (const one of responses) if (one) return one === own.handler();
  return false;
}

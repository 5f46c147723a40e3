import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Outcome } from '../request/outcome.js';
import type { Handlers, Instance, OwnInterceptors } from './interceptors.js';
import { handlersOf } from './interceptors.js';

interface InnerInstance extends Instance {
  defaults: object;
  interceptors: Instance['interceptors'];
}

/** The class that Axios's own `request` is of, below any class of the user's that extends it. */
function baseRequestClass(instance: object): InnerInstance | undefined {
  let base: InnerInstance | undefined;
  for (let at: object | null = instance; at !== null; at = Object.getPrototypeOf(at) as object) {
    if (at !== instance && Object.hasOwn(at, 'request')) base = at as InnerInstance;
  }
  return base;
}

/** Another instance of the same Axios, without defaults; undefined where `instance` is none. */
function createInner(instance: Instance): InnerInstance | undefined {
  const { create } = instance as { create?: (config: object) => InnerInstance };
  if (typeof instance !== 'function' || typeof create !== 'function') {
    const base = baseRequestClass(instance);
    if (base === undefined) return undefined;
    const inner = Object.create(base) as InnerInstance;
    return Object.assign(inner, { defaults: {}, interceptors: {} });
  }
  const inner = create({});
  // Shared with a bound context, so changed in place.
  const defaults = inner.defaults as Record<string, unknown>;
  for (const name of Object.keys(defaults)) delete defaults[name];
  return inner;
}

/** The end of each inner chain. An error that leaves a `request` has its stack rewritten: a large cost. */
const SETTLE_AS_OUTCOME = {
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
  const inner = createInner(instance);
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
      visit(SETTLE_AS_OUTCOME);
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

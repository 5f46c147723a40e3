// Sends a request again through Axios: with the request interceptors, and with the response
// interceptors up to the plugin.
import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Outcome } from '../request/outcome.js';
import type { Handlers, Instance, OwnInterceptors } from './interceptors.js';
import { handlersOf, isInstance } from './interceptors.js';

interface InnerInstance extends Instance {
  defaults: object;
  interceptors: Instance['interceptors'];
}

/** The prototype that owns Axios's `request`, beneath any user subclass. */
function baseRequestClass(instance: object): InnerInstance | undefined {
  let base: InnerInstance | undefined;
  for (let at: object | null = instance; at !== null; at = Object.getPrototypeOf(at) as object) {
    if (at !== instance && Object.hasOwn(at, 'request')) base = at as InnerInstance;
  }
  return base;
}

/** A second instance of the same Axios, without defaults; `undefined` if `instance` is no Axios. */
function createInner(instance: Instance): InnerInstance | undefined {
  const { create } = instance as { create?: (config: object) => InnerInstance };
  if (typeof instance !== 'function' || typeof create !== 'function') {
    const base = baseRequestClass(instance);
    if (base === undefined) return undefined;
    const inner = Object.create(base) as InnerInstance;
    return Object.assign(inner, { defaults: {}, interceptors: {} });
  }
  const inner = create({});
  // Emptied in place: `create` has bound it to a context that shares this object.
  const defaults = inner.defaults as Record<string, unknown>;
  for (const name of Object.keys(defaults)) delete defaults[name];
  return inner;
}

/**
 * Ends each inner chain with an outcome: rejecting out of `request` makes Axios rewrite the stack,
 * which is slow.
 */
const SETTLE_AS_OUTCOME = {
  fulfilled: (value: AxiosResponse): Outcome => ({ ok: true, value }),
  rejected: (value: AxiosError): Outcome => ({ ok: false, value }),
};

/**
 * Sends a request again. Rejects only if Axios could not start the chain.
 *
 * @param interceptors - The request interceptors that take part, unless they were ejected.
 */
export type Send = (
  config: InternalAxiosRequestConfig,
  interceptors: readonly unknown[],
) => Promise<Outcome>;

/**
 * Makes the function that sends a request again.
 *
 * It uses an inner instance that reads the outer one's interceptors at each send, but leaves out the
 * plugin and the response interceptors after it: those run once per call, with the final outcome. The
 * inner instance has no defaults because a snapshot's config already has them merged in.
 *
 * @returns `undefined` if `instance` is no Axios instance.
 */
export function createSender(instance: unknown, own: OwnInterceptors): Send | undefined {
  const inner = isInstance(instance) && createInner(instance);
  if (!inner) return undefined;
  const { request, response } = (instance as Instance).interceptors;
  /** Those of the request that is being sent: Axios reads them at once. */
  let admitted: readonly unknown[] = [];
  const requestView: Handlers = {
    forEach: (visit) =>
      handlersOf(request)
        .filter((one) => one.runWhen !== own.runWhen && admitted.includes(one))
        .forEach(visit),
  };
  const responseView: Handlers = {
    forEach(visit) {
      const handlers = handlersOf(response);
      handlers.slice(0, Math.max(handlers.indexOf(own.responseHandler()), 0)).forEach(visit);
      visit(SETTLE_AS_OUTCOME);
    },
  };
  Object.assign(inner.interceptors, { request: requestView, response: responseView });
  return (config, interceptors) => {
    const { headers } = config;
    admitted = interceptors;
    // A plain object: Axios 1.2 reads an AxiosHeaders by what it would send, and so loses the headers
    // that the caller has removed. Axios copies it at once; then a hook's reference is restored.
    config.headers = { ...headers } as typeof headers;
    try {
      return inner.request<unknown, Outcome>(config);
    } finally {
      config.headers = headers;
    }
  };
}

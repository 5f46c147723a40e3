// The plugins that are compared, and how each is set up.
import type { AxiosInstance } from 'axios';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import { attach } from 'retry-axios';
import type { Adapter } from './adapter.js';
import { attachRetry } from './built.js';
import { attachNaive } from './naive.js';

export const BARE = 'bare Axios';
export const NAIVE = 'naive interceptor';
export const AXIOS_RETRY = 'axios-retry';
export const RETRY_AXIOS = 'retry-axios';
export const OURS = 'axios-status-retry';

/** @param delay - Milliseconds before each retry. */
type Attach = (instance: AxiosInstance, delay: number) => void;

const contenders: Readonly<Record<string, Attach>> = {
  [BARE]() {},
  [NAIVE]: attachNaive,
  [AXIOS_RETRY](instance, delay) {
    axiosRetry(instance, { retries: 5, retryCondition: () => true, retryDelay: () => delay });
  },
  [RETRY_AXIOS](instance, delay) {
    const raxConfig = { retry: 5, backoffType: 'static', retryDelay: delay };
    Object.assign(instance.defaults, { raxConfig });
    attach(instance);
  },
  [OURS](instance, delay) {
    attachRetry(instance, { backoff: () => delay });
  },
};

export const contenderNames: readonly string[] = Object.keys(contenders);

/**
 * An Axios instance that answers from memory, with a contender attached.
 *
 * @throws {Error} When no contender has that name.
 */
export function instanceWith(name: string, adapter: Adapter, delay = 0): AxiosInstance {
  const attachTo = contenders[name];
  if (attachTo === undefined) throw new Error(`unknown contender ${name}`);
  const instance = axios.create({ adapter });
  attachTo(instance, delay);
  return instance;
}

import type { AxiosInstance } from 'axios';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import { attach } from 'retry-axios';
import type { Adapter } from './adapter.js';
import { attachRetry } from './built.js';
import { attachNaive } from './naive.js';
import { AXIOS_RETRY, BARE, NAIVE, OURS, RETRY_AXIOS } from './names.js';

export interface Contestant {
  readonly name: string;
  /** @param delay - Milliseconds before each retry. */
  attach(instance: AxiosInstance, delay: number): void;
}

export const contestants: readonly Contestant[] = [
  { name: BARE, attach() {} },
  { name: NAIVE, attach: attachNaive },
  {
    name: AXIOS_RETRY,
    attach(instance, delay) {
      axiosRetry(instance, { retries: 5, retryCondition: () => true, retryDelay: () => delay });
    },
  },
  {
    name: RETRY_AXIOS,
    attach(instance, delay) {
      const raxConfig = { retry: 5, backoffType: 'static', retryDelay: delay };
      Object.assign(instance.defaults, { raxConfig });
      attach(instance);
    },
  },
  {
    name: OURS,
    attach(instance, delay) {
      attachRetry(instance, { backoff: () => delay });
    },
  },
];

/** @throws {Error} When there is none of that name. */
export function contestant(name: string): Contestant {
  const found = contestants.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no contestant is called ${name}`);
  return found;
}

/** An instance of Axios that answers from memory, with a contestant on it. */
export function instanceWith({ attach }: Contestant, adapter: Adapter, delay = 0): AxiosInstance {
  const instance = axios.create({ adapter });
  attach(instance, delay);
  return instance;
}

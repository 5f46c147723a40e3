import type { AxiosInstance } from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import { attach } from 'retry-axios';
import { attachRetry } from '../built.js';
import { createGate, createSharedGate } from './built-gates.js';
import type { PeerName } from './peer-names.js';

/** Puts a contestant on an instance. */
export type Attach = (instance: AxiosInstance, redisPort: number) => Promise<void> | void;

/** More than any request needs. */
const WITHOUT_END = 10_000;
/** 2^n × 100 ms grows no more after so many retries (12.8 s). */
const GROWTH = 7;

export const peers: Readonly<Record<PeerName, Attach>> = {
  gate: (instance) => {
    attachRetry(instance, { gate: createGate() });
  },
  'redis-gate': async (instance, redisPort) => {
    attachRetry(instance, { gate: await createSharedGate(redisPort) });
  },
  'no-gate': (instance) => {
    attachRetry(instance);
  },
  'no-gate-without-end': (instance) => {
    attachRetry(instance, { maxRetries: WITHOUT_END });
  },
  'axios-retry': (instance) => {
    axiosRetry(instance, { retries: WITHOUT_END });
  },
  'axios-retry-exponential': (instance) => {
    const retryDelay: typeof exponentialDelay = (retry = 0, error) =>
      exponentialDelay(Math.min(retry, GROWTH), error);
    axiosRetry(instance, { retries: WITHOUT_END, retryDelay });
  },
  'retry-axios': (instance) => {
    const raxConfig = { retry: WITHOUT_END, checkRetryAfter: true, maxRetryAfter: 120_000 };
    Object.assign(instance.defaults, { raxConfig });
    attach(instance);
  },
};

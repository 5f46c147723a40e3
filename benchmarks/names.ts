/** The contestants' names, apart from what runs them, so that what renders results loads no peer. */
export const BARE = 'bare Axios';
export const NAIVE = 'naive interceptor';
export const AXIOS_RETRY = 'axios-retry';
export const RETRY_AXIOS = 'retry-axios';
export const OURS = 'axios-status-retry';

/** All but the floor. */
export const plugins = [NAIVE, AXIOS_RETRY, RETRY_AXIOS, OURS] as const;

/** How each was set up, in words. */
export const setups: readonly (readonly [name: string, setup: string])[] = [
  [
    BARE,
    'no plugin; on the retry path a loop by hand that sends again, with each failure caught in a response interceptor',
  ],
  [
    NAIVE,
    'the interceptor people write by hand: a counter on the config, `setTimeout`, `instance(config)`',
  ],
  [AXIOS_RETRY, '`{ retries: 5, retryCondition: () => true, retryDelay: () => delay }`'],
  [
    RETRY_AXIOS,
    "`raxConfig: { retry: 5, backoffType: 'static', retryDelay: delay }` in the instance's defaults",
  ],
  [OURS, '`{ backoff: () => delay }`, all else as it comes'],
];

/** The happy path of an instance that has a token and a tracing interceptor too. */
export const WITH_INTERCEPTORS = 'GET, two more interceptors';

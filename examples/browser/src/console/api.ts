// The page's Axios instance, which retries.
import axios from 'axios';
import { attachRetry, retryCount } from 'axios-status-retry';
import { createScaledClock } from './clock.js';

export const clock = createScaledClock(10);

export const api = axios.create({ timeout: 10_000 });

// Each attempt tells its number and the page's time: the platform keeps no state, and its dates agree with the
// countdowns.
api.interceptors.request.use((config) => {
  config.params = { ...config.params, retries: retryCount(config), now: clock.now() };
  return config;
});

export const handle = attachRetry(api, { clock }); // In your project, leave out the clock.

// The page's Axios instance, which retries.
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import { createScaledClock } from './clock.js';

export const clock = createScaledClock(10);

export const api = axios.create({ timeout: 10_000 });

// Sent with every attempt: the platform lives by the page's time, so that its dates agree with the countdowns.
api.interceptors.request.use((config) => {
  config.params = { ...config.params, now: clock.now() };
  return config;
});

export const handle = attachRetry(api, { clock }); // In your project, leave out the clock.

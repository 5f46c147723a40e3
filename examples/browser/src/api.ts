import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import { createScaledClock } from './clock.js';

export const clock = createScaledClock(10);

export const api = axios.create({ timeout: 10_000 });

// For every attempt: the platform lives by the page's time, so its dates agree with what is shown.
api.interceptors.request.use((config) => {
  config.params = { ...config.params, now: clock.now() };
  return config;
});

export const handle = attachRetry(api, { clock }); // In your project without the clock.

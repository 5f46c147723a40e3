// How do I make every call of a service follow the table?
import axios from 'axios';
// In your project: from 'axios-status-retry'.
import { attachRetry } from '../src/index.js';

export const api = axios.create({ baseURL: process.env.API_URL ?? 'http://localhost:3000' });

attachRetry(api, {
  maxElapsed: 15 * 60_000, // ms: whoever called us does not wait for ten hours
  onRetry: ({ method, url, status, retryNumber, dueAt }) =>
    console.warn(
      `${method} ${url}: ${status}, retry ${retryNumber} at ${new Date(dueAt).toISOString()}`,
    ),
  onGiveUp: ({ attempts, gaveUp }, { config }) =>
    console.error(`${config.url}: given up after ${attempts.length} attempts (${gaveUp})`),
});

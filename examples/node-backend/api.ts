// How do I make every call of a service follow the table? Copy this file, and import `api` wherever you call it.
import axios from 'axios';
// In your project, import this from 'axios-status-retry'.
import { attachRetry } from '../../src/index.js';

export const api = axios.create({ baseURL: process.env.API_URL ?? 'http://localhost:3000' });

attachRetry(api, {
  maxElapsed: 15 * 60_000, // ms; our own callers do not wait for ten hours
  onRetry: ({ method, url, status, retryNumber, dueAt }) =>
    console.warn(
      `${method} ${url}: ${status}, retry ${retryNumber} at ${new Date(dueAt).toISOString()}`,
    ),
  onGiveUp: ({ attempts, gaveUp }, { config }) =>
    console.error(`${config.url}: gave up after ${attempts.length} attempts (${gaveUp})`),
});

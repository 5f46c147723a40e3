// The Axios instance of the page. In your project, this is your own.
import axios from 'axios';

export const api = axios.create({ baseURL: 'shop', timeout: 30_000 });

// Runs for every attempt, even one in tomorrow's visit. So the token is fresh, and in no ticket.
api.interceptors.request.use(async (config) => {
  await online();
  config.headers.set('Authorization', `Bearer ${await token()}`);
  return config;
});

/** Waits for the network, so that being offline uses up no retry. */
async function online(): Promise<void> {
  if (navigator.onLine) return;
  await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
}

/** Stands for your sign-in. Each attempt gets another token. */
async function token(): Promise<string> {
  return `secret-${crypto.randomUUID()}`;
}

import axios from 'axios';

/** Your own: one instance, with what each request needs. */
export const api = axios.create({ baseURL: '/shop', timeout: 30_000 });

// For every attempt, also the one of tomorrow's visit: so the token is fresh, and in no ticket.
api.interceptors.request.use(async (config) => {
  await online();
  config.headers.set('Authorization', `Bearer ${await token()}`);
  return config;
});

/** Offline nothing is sent, so that no retry is used up. */
async function online(): Promise<void> {
  if (navigator.onLine) return;
  await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
}

/** As your sign-in gives it; here one that each attempt has for itself. */
async function token(): Promise<string> {
  return `secret-${crypto.randomUUID()}`;
}

// A user's strict code with an instance of another version of Axios, as when two copies are installed.
import axios from 'axios-1.7.0';
import type { RetryHandle } from 'axios-status-retry';
import { attachRetry } from 'axios-status-retry';

const api = axios.create();
export const handles: readonly RetryHandle[] = [
  attachRetry(axios),
  attachRetry(api, { onRetry: ({ delay }) => delay }),
  attachRetry(new axios.Axios({})),
];
// @ts-expect-error not an instance of Axios
attachRetry(api.defaults);

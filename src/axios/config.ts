// Makes a config that Axios can send from the snapshot of a request.
import type { InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import type { RequestSnapshot } from '../request/snapshot.js';
import { CONFIG_KEY } from '../request/state.js';

/** A fresh config of the request, with `state` under the plugin's key. */
export function toConfig(snapshot: RequestSnapshot, state: unknown): InternalAxiosRequestConfig {
  const config = snapshot.config();
  // Assigned key by key: AxiosHeaders would drop `false` and `null`, which mean "removed".
  config.headers = Object.assign(new AxiosHeaders(), config.headers);
  config[CONFIG_KEY] = state;
  return config as unknown as InternalAxiosRequestConfig;
}

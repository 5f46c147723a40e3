// Makes a config that Axios can send from the snapshot of a request.
import type { InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import type { RequestSnapshot } from '../request/snapshot.js';
import { CONFIG_KEY } from '../request/state.js';

/**
 * A fresh config of the request.
 *
 * @param state - For the plugin's key.
 * @param headers - In place of the snapshot's.
 */
export function toConfig(
  snapshot: RequestSnapshot,
  state: unknown,
  headers?: object,
): InternalAxiosRequestConfig {
  const config = snapshot.config();
  // Assigned key by key: AxiosHeaders would drop `false` and `null`, which mean "removed".
  config.headers = Object.assign(new AxiosHeaders(), headers ?? config.headers);
  config[CONFIG_KEY] = state;
  // Axios gives this to its own configs, which have no prototype either.
  const { hasOwnProperty: value } = Object.prototype;
  Object.defineProperty(config, 'hasOwnProperty', { value, configurable: true, writable: true });
  return config as unknown as InternalAxiosRequestConfig;
}

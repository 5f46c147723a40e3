import type { Axios, AxiosInstance } from 'axios';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';

/** An instance that gets each status in turn; the last one repeats. */
export function answering(...statuses: number[]) {
  const api = axios.create();
  const mock = new MockAdapter(api);
  for (const status of statuses.slice(0, -1)) mock.onAny().replyOnce(status);
  mock.onAny().reply(statuses.at(-1) ?? 200);
  return { api, sends: () => Object.values(mock.history).flat().length };
}

/** How many request and response interceptors an instance has. */
export function handlersOf(api: AxiosInstance | Axios): number {
  let count = 0;
  const { request, response } = api.interceptors as unknown as Record<
    'request' | 'response',
    { forEach(visit: () => void): void }
  >;
  for (const manager of [request, response]) {
    manager.forEach(() => {
      count += 1;
    });
  }
  return count;
}

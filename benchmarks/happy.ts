import type { AxiosInstance } from 'axios';
import { succeeding } from './adapter.js';
import { contestants, instanceWith } from './contestants.js';
import { WITH_INTERCEPTORS } from './names.js';
import type { Comparison } from './results.js';
import type { Pace } from './rounds.js';
import { interleave } from './rounds.js';
import { compare } from './statistics.js';

const REQUESTS = 250;
const BODY = { name: 'Ada', born: 1815, tags: ['analyst', 'metaphysician'] };

interface Work {
  readonly work: string;
  readonly send: (instance: AxiosInstance) => Promise<unknown>;
  readonly prepare?: (instance: AxiosInstance) => void;
}

const get: Work = { work: 'GET', send: (instance) => instance.get('/items/7') };
const works: readonly Work[] = [
  get,
  { work: 'POST', send: (instance) => instance.post('/items', BODY) },
  { work: WITH_INTERCEPTORS, send: get.send, prepare: addInterceptors },
];

/** What a request costs that succeeds at once. */
export async function measureHappy(pace: Pace, only?: string): Promise<Comparison[]> {
  const done: Comparison[] = [];
  for (const { work, send, prepare } of works) {
    if (only !== undefined && work !== only) continue;
    const tasks = contestants.map((contestant) => {
      const instance = instanceWith(contestant, succeeding);
      prepare?.(instance);
      const run = async () => {
        for (let i = 0; i < REQUESTS; i += 1) await send(instance);
      };
      return { name: contestant.name, run };
    });
    done.push({ work, rows: compare(await interleave(tasks, pace, REQUESTS)) });
  }
  return done;
}

/** A token and a trace, as most services have them. */
function addInterceptors(instance: AxiosInstance): void {
  let traces = 0;
  instance.interceptors.request.use((config) => {
    config.headers.set('Authorization', 'Bearer token');
    return config;
  });
  instance.interceptors.request.use((config) => {
    traces += 1;
    config.headers.set('X-Request-Id', String(traces));
    return config;
  });
}

// What does a plugin cost a request that succeeds at once?
import type { AxiosInstance } from 'axios';
import { succeeding } from './adapter.js';
import { AXIOS_RETRY, BARE, contenderNames, instanceWith } from './contenders.js';
import type { Effort } from './rounds.js';
import { interleave } from './rounds.js';
import type { Compared } from './statistics.js';
import { compare } from './statistics.js';

/** An instance with a token and a tracing interceptor, as most services have. */
export const WITH_INTERCEPTORS = 'GET, two more interceptors';

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

export interface HappyPath extends Compared {
  readonly work: string;
}

/** @param only - Measures only the work of that name. */
export async function measureHappyPath(effort: Effort, only?: string): Promise<HappyPath[]> {
  const rows: HappyPath[] = [];
  for (const { work, send, prepare } of works) {
    if (only !== undefined && work !== only) continue;
    const tasks = contenderNames.map((name) => {
      const instance = instanceWith(name, succeeding);
      prepare?.(instance);
      const run = async () => {
        for (let i = 0; i < REQUESTS; i += 1) await send(instance);
      };
      return { name, run };
    });
    const compared = compare(await interleave(tasks, effort, REQUESTS), BARE, AXIOS_RETRY);
    rows.push(...compared.map((one) => ({ work, ...one })));
  }
  return rows;
}

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

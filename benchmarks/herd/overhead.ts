import type { AxiosInstance } from 'axios';
import axios from 'axios';
import { succeeding } from '../adapter.js';
import { attachRetry } from '../built.js';
import type { Pace } from '../rounds.js';
import { interleave } from '../rounds.js';
import type { Round } from '../statistics.js';
import { median } from '../statistics.js';
import { createGate } from './built-gates.js';
import type { Overhead } from './herd-results.js';

const [WITHOUT, WITH] = ['without', 'with'] as const;
/** Requests of a batch that are under way together: fewer than a gate starts with. */
const BATCH = 30;
const BATCHES = 8;
const IN_LINE = 250;

interface Work {
  readonly work: string;
  readonly requests: number;
  run(instance: AxiosInstance): Promise<void>;
}

const works: readonly Work[] = [
  {
    work: 'one after the other',
    requests: IN_LINE,
    async run(instance) {
      for (let i = 0; i < IN_LINE; i += 1) await instance.get('/items/7');
    },
  },
  {
    work: `${BATCH} at once`,
    requests: BATCH * BATCHES,
    async run(instance) {
      for (let i = 0; i < BATCHES; i += 1) {
        await Promise.all(Array.from({ length: BATCH }, () => instance.get('/items/7')));
      }
    },
  },
];

/** What a gate adds to each request of a key that was never refused. */
export async function measureOverhead(pace: Pace): Promise<Overhead[]> {
  const done: Overhead[] = [];
  for (const { work, requests, run } of works) {
    const tasks = [WITHOUT, WITH].map((name) => {
      const instance = axios.create({ adapter: succeeding, baseURL: 'https://api.test' });
      attachRetry(instance, name === WITH ? { gate: createGate() } : {});
      return { name, run: () => run(instance) };
    });
    done.push(overheadOf(work, await interleave(tasks, pace, requests)));
  }
  return done;
}

/** @param rounds - Microseconds. */
function overheadOf(work: string, rounds: readonly Round[]): Overhead {
  const took = (round: Round, name: string) => (round.get(name) ?? Number.NaN) * 1000;
  const over = (measure: (round: Round) => number) => median(rounds.map(measure));
  return {
    work,
    without: over((round) => took(round, WITHOUT)),
    with: over((round) => took(round, WITH)),
    added: over((round) => took(round, WITH) - took(round, WITHOUT)),
    ratio: over((round) => took(round, WITH) / took(round, WITHOUT)),
  };
}

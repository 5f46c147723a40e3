// What does a gate cost a request while nothing is throttled?
import axios from 'axios';
import { succeeding } from '../adapter.js';
import { attachRetry, createGate } from '../built.js';
import type { Effort } from '../rounds.js';
import { interleave } from '../rounds.js';
import { compare } from '../statistics.js';

const [NO_GATE, GATE] = ['no-gate', 'gate'];
/** 30 is less than a gate's initial concurrency. */
const works = [
  { atOnce: 1, batches: 250 },
  { atOnce: 30, batches: 8 },
];

export async function measureOverhead(effort: Effort): Promise<object[]> {
  const rows: object[] = [];
  for (const { atOnce, batches } of works) {
    const tasks = [NO_GATE, GATE].map((name) => {
      const api = axios.create({ adapter: succeeding, baseURL: 'https://api.test' });
      attachRetry(api, name === GATE ? { gate: createGate() } : {});
      const run = async () => {
        for (let i = 0; i < batches; i += 1) {
          await Promise.all(Array.from({ length: atOnce }, () => api.get('/items/7')));
        }
      };
      return { name, run };
    });
    const rounds = await interleave(tasks, effort, atOnce * batches);
    for (const { contender, totalUs, addedUs } of compare(rounds, NO_GATE, GATE)) {
      rows.push({ atOnce, contender, totalUs, addedUs });
    }
  }
  return rows;
}

import type { Worker } from 'node:cluster';
import cluster from 'node:cluster';
import { once } from 'node:events';

/** What a process of the fleet tells of itself. */
export interface Report {
  readonly done: number;
  readonly failed: number;
  readonly mode: 'shared' | 'local';
}

/** In a process of the fleet: says how it does, or what went wrong. */
export function tell(message: Report | string): void {
  process.send?.(message);
}

/** In a process of the fleet: until all are there. */
export async function told(): Promise<void> {
  await once(process, 'message');
}

/** Processes that run this program as workers; they end with this one. */
export class Fleet {
  /** The last report of each, in the order of their environments. */
  readonly reports: Report[] = [];
  /** Told what went wrong, and where: 1 for the first. */
  onTrouble: (trouble: string, worker: number) => void = () => {};
  readonly #workers: readonly Worker[];
  readonly #ended: Promise<unknown>;

  private constructor(environments: readonly NodeJS.ProcessEnv[]) {
    process.once('exit', () => {
      for (const { process } of this.#workers) process.kill('SIGKILL');
    });
    this.#workers = environments.map((env) => cluster.fork(env));
    this.#ended = Promise.all(this.#workers.map((worker) => once(worker, 'exit')));
    this.#workers.forEach((worker, i) => {
      worker.on('message', (message: Report | string) => {
        if (typeof message === 'string') this.onTrouble(message, i + 1);
        else this.reports[i] = message;
      });
    });
  }

  /** Starts them, and waits until each has told something. */
  static async start(environments: readonly NodeJS.ProcessEnv[]): Promise<Fleet> {
    const fleet = new Fleet(environments);
    await Promise.race([
      Promise.all(fleet.#workers.map((worker) => once(worker, 'message'))),
      fleet.#ended.then(() => Promise.reject(new Error('The workers ended at once.'))),
    ]);
    return fleet;
  }

  get done(): number {
    return this.reports.reduce((sum, { done }) => sum + done, 0);
  }

  /** `shared`, `local`, or how many are local. */
  get mode(): string {
    const local = this.reports.filter(({ mode }) => mode === 'local').length;
    if (local === 0) return 'shared';
    return local === this.reports.length ? 'local' : `${local} local`;
  }

  /** Lets them begin, all at once, and waits until all have ended. */
  async run(): Promise<void> {
    for (const worker of this.#workers) worker.send('go');
    await this.#ended;
  }
}

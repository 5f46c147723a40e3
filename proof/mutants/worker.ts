// A process of Jest that runs one test file after another, with one mutant or none.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import base from '../../jest.config.js';
import type { Answer, Job, Ready, RoundEnd } from './jest/job.js';
import { SWITCHED } from './mutate.js';

const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
const WORKERS = 2;
const HERE = join(process.cwd(), 'proof/mutants/jest');
/** Bytes; a worker that has more is replaced. */
const MEMORY_LIMIT = 900_000_000;

const config = {
  ...base,
  rootDir: process.cwd(),
  transform: { '^.+\\.tsx?$': [join(HERE, 'transformer.ts'), { switched: SWITCHED }] },
  testEnvironment: join(HERE, 'environment.ts'),
  runner: join(HERE, 'runner.ts'),
  collectCoverage: false,
  // Nothing of the sources is in them, or they take processes, bundlers or Redis: too slow to run for each mutant.
  testPathIgnorePatterns: [
    ...(base.testPathIgnorePatterns ?? []),
    '\\.tsx$|redis|bullmq|guide|package|handover|react|comparison|imports|readme|examples|__tests__/benchmarks',
  ],
};

export class Worker {
  #process: ChildProcess | undefined;
  #paths: readonly string[] = [];

  /** The test files that Jest has found. */
  async paths(): Promise<readonly string[]> {
    await this.#start();
    return this.#paths;
  }

  /**
   * @param limit - The milliseconds that loading, or one round, may take.
   * @returns The ends of its rounds, and the answer; no answer when a round took longer, or the process ended.
   */
  async run(job: Job, limit: number): Promise<{ rounds: RoundEnd[]; answer: Answer | undefined }> {
    const child = await this.#start();
    const rounds: RoundEnd[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    const answer = await new Promise<Answer | undefined>((resolve) => {
      child.on('message', (message: RoundEnd | Answer) => {
        timer.refresh();
        if ('memory' in message) resolve(message);
        else rounds.push(message);
      });
      child.once('exit', () => resolve(undefined));
      child.send(job);
    });
    clearTimeout(timer);
    child.removeAllListeners();
    if (answer === undefined) this.#process = undefined;
    else if (answer.memory > MEMORY_LIMIT) this.end();
    return { rounds, answer };
  }

  end(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  async #start(): Promise<ChildProcess> {
    if (this.#process) return this.#process;
    const args = ['--config', JSON.stringify(config), '--runInBand', '--silent'];
    const child = fork(JEST, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process = child;
    const [{ paths }] = (await once(child, 'message')) as [Ready];
    this.#paths = paths;
    return child;
  }
}

/** Two workers; they start when they get their first task. */
export class Workers {
  readonly #workers = Array.from({ length: WORKERS }, () => new Worker());

  /** The test files that Jest has found. */
  paths(): Promise<readonly string[]> {
    return (this.#workers[0] as Worker).paths();
  }

  /** Works through `tasks`; each worker takes the next one when it is free. */
  async share<T>(
    tasks: readonly T[],
    work: (task: T, worker: Worker) => Promise<void>,
  ): Promise<void> {
    const queue = tasks.values();
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (const task of queue) await work(task, worker);
      }),
    );
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }
}

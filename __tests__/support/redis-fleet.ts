import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';

/** The task of a process. */
export interface FleetJob {
  readonly url: string;
  readonly redisPort: number;
  readonly requests: number;
}

/** The result of a task. */
export interface FleetReport {
  readonly kind: 'done';
  readonly failures: readonly string[];
  /** The Redis errors of its gate. */
  readonly errors: readonly string[];
  readonly mode: 'shared' | 'local';
}

/** A child process with a shared gate; it ends when this process ends. */
export class FleetProcess {
  readonly #child: ChildProcess;

  constructor() {
    const script = require.resolve('./redis-fleet-child.ts');
    this.#child = fork(script, { execArgv: ['--no-warnings', '--import', 'tsx'] });
  }

  /** @throws {Error} When the process ends first. */
  ready(): Promise<unknown> {
    return this.#next();
  }

  /** @throws {Error} When the process ends first. */
  async run(job: FleetJob): Promise<FleetReport> {
    this.#child.send(job);
    return (await this.#next()) as FleetReport;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', resolve);
      this.#child.once('exit', (code) => reject(new Error(`A process has ended: ${code}`)));
    });
  }
}

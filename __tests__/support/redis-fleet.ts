import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';

/** What a process of the fleet has to do. */
export interface FleetJob {
  readonly url: string;
  readonly redisPort: number;
  readonly requests: number;
}

/** What came of it. */
export interface FleetReport {
  readonly kind: 'done';
  readonly failures: readonly string[];
  /** What its gate told of Redis. */
  readonly errors: readonly string[];
  readonly mode: 'shared' | 'local';
}

/** A process of the fleet; it ends with this one at the latest. */
export class FleetProcess {
  readonly #child: ChildProcess;

  constructor() {
    const script = require.resolve('./redis-fleet-child.ts');
    this.#child = fork(script, { execArgv: ['--no-warnings', '--import', 'tsx'] });
  }

  /** @throws {Error} When it ends before. */
  ready(): Promise<unknown> {
    return this.#next();
  }

  /** @throws {Error} When it ends before. */
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

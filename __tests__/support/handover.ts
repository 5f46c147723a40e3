import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryTicket } from '../../src/deferral/index.js';
import { run } from './run.js';

/** What a process does that hands a request over or takes it up, in this order. */
export type Step =
  /** An app: it waits; it saves a ticket; Redis has it; the caller has its error. */
  | 'waiting'
  | 'saving'
  | 'saved'
  | 'told'
  /** A worker: it has the job; the answer was no failure. */
  | 'taken'
  | 'answered'
  /** The answer was a failure: it writes the next ticket; Redis has it; the job is put back. */
  | 'updating'
  | 'updated'
  | 'delayed';

/** What a process has to do. */
export interface HandoverTask {
  /** An app makes one POST; a worker sends what is on the queue. */
  readonly role: 'app' | 'worker';
  readonly url: string;
  readonly redisPort: number;
  readonly queue: string;
  /** Before retry 1, 2, …, in milliseconds. */
  readonly waits: readonly number[];
  readonly maxDelay: number;
  /** For so long a worker's job is its own without a word of it, in milliseconds. */
  readonly lockDuration?: number;
  /** It goes no further than this. */
  readonly stopAt?: Step | undefined;
}

/** What a process tells of a task. */
export interface HandoverNews {
  readonly queue: string;
  readonly step?: Step;
  readonly ticket?: RetryTicket;
}

const ROOT = join(__dirname, '../..');
const PATIENCE = 20_000;

/** So many processes start while others are at work. */
const AHEAD = 3;

/** Processes that are there when they are needed; they end with this one at the latest. */
export class HandoverPool {
  readonly #all: HandoverProcess[] = [];
  readonly #idle: HandoverProcess[] = [];
  #folder = '';

  /** @param count - What is taken of it in all. */
  constructor(readonly count: number) {}

  get #script(): string {
    return join(this.#folder, 'child.cjs');
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'handover-'));
    // As one file it starts three times as fast as by tsx.
    const child = require.resolve('./handover-child.ts');
    const esbuild = join(ROOT, 'node_modules/esbuild/bin/esbuild');
    await run(ROOT, esbuild, child, '--bundle', '--platform=node', `--outfile=${this.#script}`);
    this.#fill();
  }

  take(): HandoverProcess {
    const process = this.#idle.shift();
    if (process === undefined) throw new Error('The pool has too few processes');
    this.#fill();
    return process;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((process) => process.end('SIGKILL')));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #fill(): void {
    while (this.#idle.length < AHEAD && this.#all.length < this.count) {
      const process = new HandoverProcess(this.#script);
      this.#all.push(process);
      this.#idle.push(process);
    }
  }
}

export class HandoverProcess {
  readonly #child: ChildProcess;
  readonly #news: HandoverNews[] = [];
  #error = '';

  constructor(script: string) {
    this.#child = fork(script, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.#child.on('message', (news) => this.#news.push(news as HandoverNews));
    this.#child.stderr?.on('data', (data) => {
      this.#error += data;
    });
  }

  get #isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  begin(task: HandoverTask): void {
    this.#child.send(task);
  }

  /** What was written down for a queue. */
  tickets(queue: string): RetryTicket[] {
    return this.#news.flatMap((news) => (news.queue === queue && news.ticket) || []);
  }

  /** @throws {Error} When it ends before it has come so far, or does not come so far. */
  async reached(queue: string, step: Step): Promise<void> {
    const isThere = () => this.#news.some((news) => news.queue === queue && news.step === step);
    for (const end = Date.now() + PATIENCE; !isThere(); await sleep(5)) {
      if (this.#isOver) throw new Error(`A process has ended before ${step}: ${this.#error}`);
      if (Date.now() > end) throw new Error(`A process has not come to ${step}: ${this.#error}`);
    }
  }

  /** @returns Its exit code; null where the signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (!this.#isOver) {
      const ended = once(this.#child, 'exit');
      this.#child.kill(signal);
      await ended;
    }
    return this.#child.exitCode;
  }
}

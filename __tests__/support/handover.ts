import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryTicket } from '../../src/deferral/index.js';
import { run } from './run.js';

/** The steps of a process that saves a ticket or resumes one, in order. */
export type Step =
  /** An app: waiting; saving a ticket; Redis has it; the caller has the error. */
  | 'waiting'
  | 'saving'
  | 'saved'
  | 'told'
  /** A worker: it has the job; the response was a success. */
  | 'taken'
  | 'answered'
  /** After a failure: writing the next ticket; Redis has it; the job is delayed. */
  | 'updating'
  | 'updated'
  | 'delayed';

/** The task of a process. */
export interface HandoverTask {
  /** An app makes one POST; a worker sends the requests on the queue. */
  readonly role: 'app' | 'worker';
  readonly url: string;
  readonly redisPort: number;
  readonly queue: string;
  /** Before retries 1, 2, …, in milliseconds. */
  readonly waits: readonly number[];
  readonly maxDelay: number;
  /** How long a worker keeps a job without renewing its lock, in milliseconds. */
  readonly lockDuration?: number;
  /** The process stops at this step. */
  readonly stopAt?: Step | undefined;
}

/** A message of a process about its task. */
export interface HandoverNews {
  readonly queue: string;
  readonly step?: Step;
  readonly ticket?: RetryTicket;
}

const ROOT = join(__dirname, '../..');
const PATIENCE = 120_000;

/** How many processes start ahead of use. */
const AHEAD = 3;

/** Child processes started ahead of use; they end when this process ends. */
export class HandoverPool {
  readonly #all: HandoverProcess[] = [];
  readonly #idle: HandoverProcess[] = [];
  #folder = '';

  /** @param count - How many processes will be taken in all. */
  constructor(readonly count: number) {}

  get #script(): string {
    return join(this.#folder, 'child.cjs');
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'handover-'));
    // A bundle starts three times as fast as tsx.
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

  /** The tickets a process has saved to a queue. */
  tickets(queue: string): RetryTicket[] {
    return this.#news.flatMap((news) => (news.queue === queue && news.ticket) || []);
  }

  /** @throws {Error} When the process ends before it reaches the step, or does not reach it in time. */
  async reached(queue: string, step: Step): Promise<void> {
    const isThere = () => this.#news.some((news) => news.queue === queue && news.step === step);
    for (const end = Date.now() + PATIENCE; !isThere(); await sleep(5)) {
      if (this.#isOver) throw new Error(`A process has ended before ${step}: ${this.#error}`);
      if (Date.now() > end) throw new Error(`A process has not come to ${step}: ${this.#error}`);
    }
  }

  /** @returns The exit code; null if the signal killed the process. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (!this.#isOver) {
      const ended = once(this.#child, 'exit');
      this.#child.kill(signal);
      await ended;
    }
    return this.#child.exitCode;
  }
}

// The platform that runs functions, and a log of their runs around the sends of one request.
import type { Clock } from '../../src/index.js';
import type { Send } from '../support/orders.js';
import { duration, paint, stopwatch } from '../support/terminal.js';

/** One run of a function. Milliseconds of the clock, and the number of sends when it ended. */
interface Run {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sends: number;
  readonly error: Error | undefined;
}

export class Functions {
  readonly #runs: Run[] = [];
  readonly #startedAt: number;

  constructor(
    readonly clock: Clock,
    readonly sends: () => readonly Send[],
  ) {
    this.#startedAt = clock.now();
  }

  async invoke(run: () => Promise<unknown>): Promise<void> {
    const startedAt = this.clock.now();
    const error = await run().then(
      () => undefined,
      (error: Error) => error,
    );
    this.#runs.push({ startedAt, endedAt: this.clock.now(), sends: this.sends().length, error });
    if (error) throw error;
  }

  /** Milliseconds of each run. */
  get times(): number[] {
    return this.#runs.map(({ startedAt, endedAt }) => endedAt - startedAt);
  }

  /** Prints a line per send: how often and how long the queue held the request before, and the answer. */
  print(): void {
    console.log(paint('dim', '    time  deliveries  held by the queue  answer'));
    const sends = this.sends();
    let printed = 0;
    let held: number[] = [];
    this.#runs.forEach((run, i) => {
      const before = this.#runs[i - 1];
      if (before) held.push(run.startedAt - before.endedAt);
      const { error } = run;
      if (error) {
        this.#printLine(run.endedAt, [], paint('yellow', `${error.message}: the function throws`));
      }
      for (const send of sends.slice(printed, run.sends)) {
        printed += 1;
        this.#printLine(send.at, held, answerOf(send, sends[printed]));
        held = [];
      }
    });
  }

  #printLine(at: number, held: readonly number[], text: string): void {
    const deliveries = `${held.length || ''}`.padStart(10);
    const time = stopwatch(at - this.#startedAt);
    console.log(`${time}  ${deliveries}  ${grouped(held).padEnd(17)}  ${text}`);
  }

  printTotals(delays: readonly number[], limit: number): void {
    const { times } = this;
    const sends = this.sends();
    const total = duration(this.clock.now() - this.#startedAt);
    const took = duration(times.reduce((sum, time) => sum + time, 0));
    const longest = `longest run ${duration(Math.max(...times))}, limit ${duration(limit)}`;
    const keys = new Set(sends.map(({ key }) => key)).size;
    console.log(`functions  ${times.length} runs, which waited ${took} of ${total} (${longest})`);
    const held = `held for ${Math.min(...delays)} to ${Math.max(...delays)} s`;
    console.log(`queue      ${delays.length} messages, ${held}`);
    console.log(`service    ${sends.length} sends with ${keys} key`);
  }
}

function answerOf({ at, status, isKnown }: Send, next: Send | undefined): string {
  const answer = paint(status === 200 ? 'green' : 'red', `${status}`);
  if (isKnown) return `${answer} again, recognised by its key: the queue delivered twice`;
  if (next === undefined || next.at === at) return answer;
  return `${answer} ${paint('yellow', `─${duration(next.at - at)}─`)}`;
}

/** `4 × 900 s, 496 s`. */
function grouped(held: readonly number[]): string {
  const groups: { ms: number; count: number }[] = [];
  for (const ms of held) {
    const last = groups.at(-1);
    if (last?.ms === ms) last.count += 1;
    else groups.push({ ms, count: 1 });
  }
  return groups
    .map(({ ms, count }) => `${count > 1 ? `${count} × ` : ''}${ms / 1000} s`)
    .join(', ');
}

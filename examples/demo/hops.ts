import type { Clock } from '../../src/index.js';
import type { Send } from './orders.js';
import type { Sqs } from './sqs.js';
import { paint } from './terminal.js';
import { duration } from './timeline.js';

/** One run of a function, by the clock, and how many sends to the service there were at its end. */
interface Invocation {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sends: number;
  readonly error: Error | undefined;
}

/** Runs functions, and shows what became of one request. Milliseconds. */
export class Functions {
  readonly #invocations: Invocation[] = [];
  readonly #startedAt: number;

  /** @param limit - What a function may take. @param sends - What the service has seen of the request. */
  constructor(
    readonly clock: Clock,
    readonly limit: number,
    readonly sends: () => readonly Send[],
  ) {
    this.#startedAt = clock.now();
  }

  /** Runs one as its platform does. */
  async invoke(run: () => Promise<unknown>): Promise<void> {
    const startedAt = this.clock.now();
    const error = await run().then(
      () => undefined,
      (error: Error) => error,
    );
    const endedAt = this.clock.now();
    this.#invocations.push({ startedAt, endedAt, sends: this.sends().length, error });
    if (error) throw error;
  }

  /** The longest run. */
  get longest(): number {
    return Math.max(...this.#times);
  }

  /** A line for each send: how often and how long the queue held the request before, and the answer. */
  show(): void {
    console.log(paint('dim', '    time  deliveries  held by the queue  answer'));
    let shown = 0;
    let held: number[] = [];
    this.#invocations.forEach(({ startedAt, endedAt, sends, error }, i) => {
      const before = this.#invocations[i - 1];
      if (before) held.push(startedAt - before.endedAt);
      if (error) this.#print(endedAt, [], paint('yellow', `${error.message}: the function throws`));
      for (const send of this.sends().slice(shown, sends)) {
        shown += 1;
        this.#print(send.at, held, answer(send, this.sends()[shown]));
        held = [];
      }
    });
  }

  showTotals({ delays }: Sqs): void {
    const times = this.#times;
    const [took, longest, limit, all] = [
      times.reduce((sum, time) => sum + time, 0),
      this.longest,
      this.limit,
      this.clock.now() - this.#startedAt,
    ].map(duration);
    const keys = new Set(this.sends().map(({ key }) => key)).size;
    const heldFor = `${Math.min(...delays)} to ${Math.max(...delays)} s`;
    const waited = `${took} of ${all} were waited in them`;
    console.log(
      `functions  ${times.length} runs; ${waited}, in one ${longest} at most (limit ${limit})`,
    );
    console.log(`queue      ${delays.length} messages, held for ${heldFor}`);
    console.log(`service    ${this.sends().length} sends, ${keys} key`);
  }

  get #times(): number[] {
    return this.#invocations.map(({ startedAt, endedAt }) => endedAt - startedAt);
  }

  #print(at: number, held: readonly number[], text: string): void {
    const deliveries = `${held.length || ''}`.padStart(10);
    const time = stopwatch(at - this.#startedAt);
    console.log(`${time}  ${deliveries}  ${inShort(held).padEnd(17)}  ${text}`);
  }
}

function answer({ at, status, isKnown }: Send, next: Send | undefined): string {
  const said = paint(status === 200 ? 'green' : 'red', `${status}`);
  if (isKnown) return `${said} again, known by its key: the queue delivered twice`;
  return next && next.at > at ? `${said} ${paint('yellow', `─${duration(next.at - at)}─`)}` : said;
}

/** `4 × 900 s, 496 s`. */
function inShort(held: readonly number[]): string {
  const runs: { ms: number; count: number }[] = [];
  for (const ms of held) {
    const last = runs.at(-1);
    if (last?.ms === ms) last.count += 1;
    else runs.push({ ms, count: 1 });
  }
  return runs.map(({ ms, count }) => `${count > 1 ? `${count} × ` : ''}${ms / 1000} s`).join(', ');
}

/** Milliseconds as ` 9:06:08`. */
function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, min, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${`${h}`.padStart(2)}:${`${min}`.padStart(2, '0')}:${`${s}`.padStart(2, '0')}`;
}

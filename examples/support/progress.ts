// A table of what happens, with a row and a bar for each second.
import { paint, Screen } from './terminal.js';

/** Requests per block of a bar, and the most blocks in a bar. */
const REQUESTS_PER_BLOCK = 10;
const MAX_BLOCKS = 12;

/** How many requests a service received so far, and how many of them it refused. */
interface Counts {
  readonly sends: number;
  readonly refused: number;
}

export class Progress {
  readonly #cells: () => string;
  readonly #counts: Counts;
  readonly #screen: Screen;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #last: Counts = { sends: 0, refused: 0 };

  /** @param row - The values of the next row, right-aligned below the names of their columns. */
  constructor(columns: readonly string[], row: () => readonly (string | number)[], counts: Counts) {
    this.#counts = counts;
    this.#cells = () =>
      row()
        .map((cell, i) => `${cell}`.padStart(columns[i]?.length ?? 0))
        .join('  ');
    console.log(paint('dim', `  time  ${columns.join('  ')}  accepted + refused`));
    this.#screen = new Screen(() => `${this.#time()}  ${this.#cells()}`);
    this.#timer = setInterval(() => this.#print(), 1000);
  }

  /** Prints a line between the rows. */
  note(text: string): void {
    this.#screen.print(`${this.#time()}  ${paint('yellow', text)}`);
  }

  /**
   * Prints the last row and the result.
   *
   * @param best - Seconds that the service's limit takes at least.
   */
  end(done: number, requests: number, best: number): void {
    const time = this.#time().trim();
    clearInterval(this.#timer);
    this.#print();
    this.#screen.close();
    const outcome = paint(done === requests ? 'green' : 'red', `${done} of ${requests} succeeded`);
    const each = (this.#counts.sends / done).toFixed(2);
    const limit = Math.max(best, 0).toFixed(1);
    console.log(`${outcome} with ${each} sends per success in ${time} (at best ${limit} s).`);
  }

  #time(): string {
    return `${((performance.now() - this.#startedAt) / 1000).toFixed(1).padStart(4)} s`;
  }

  #print(): void {
    const { sends, refused } = this.#counts;
    const drawn = bar(sends - this.#last.sends, refused - this.#last.refused);
    this.#last = { sends, refused };
    this.#screen.print(`${this.#time()}  ${this.#cells()}  ${drawn}`);
  }
}

/** Accepted and refused requests, drawn and as numbers: `███░ 28 + 2`. */
function bar(sends: number, refused: number): string {
  const accepted = sends - refused;
  const full = '█'.repeat(Math.min(Math.round(accepted / REQUESTS_PER_BLOCK), MAX_BLOCKS));
  const light = '░'.repeat(
    Math.min(Math.ceil(refused / REQUESTS_PER_BLOCK), MAX_BLOCKS - full.length),
  );
  if (refused === 0) return `${paint('green', full)} ${accepted}`;
  return `${paint('green', full)}${paint('red', light)} ${accepted} + ${paint('red', `${refused}`)}`;
}

import { paint, Screen } from './terminal.js';

/** Sends that a block of a bar stands for, and blocks that a bar has at most. */
const BLOCK = 10;
const LONGEST = 12;

/** What a service has seen so far. */
interface Counts {
  readonly sends: number;
  readonly refused: number;
}

/**
 * A table with a row for each second, and a bar of what was sent in it. On a terminal the line below
 * shows the next row as it stands.
 */
export class Progress {
  readonly #service: Counts;
  readonly #cells: () => string;
  readonly #screen: Screen;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #before: Counts = { sends: 0, refused: 0 };

  /** @param row - A value for each column; right-aligned below its name. */
  constructor(
    columns: readonly string[],
    row: () => readonly (string | number)[],
    service: Counts,
  ) {
    this.#service = service;
    this.#cells = () =>
      row()
        .map((cell, i) => `${cell}`.padStart(columns[i]?.length ?? 0))
        .join('  ');
    console.log(paint('dim', `  time  ${columns.join('  ')}  taken + refused`));
    this.#screen = new Screen(() => `${this.#time()}  ${this.#cells()}`);
    this.#timer = setInterval(() => this.#print(), 1000);
  }

  /** A line between the rows. */
  note(text: string): void {
    this.#screen.print(`${this.#time()}  ${paint('yellow', text)}`);
  }

  /** The last row, and what came of it. @param ideal - Seconds that it takes at least. */
  end(done: number, requests: number, ideal: number): void {
    const seconds = this.#elapsed.toFixed(1);
    clearInterval(this.#timer);
    this.#print();
    this.#screen.close();
    const outcome = paint(done === requests ? 'green' : 'red', `${done} of ${requests} succeeded`);
    const each = (this.#service.sends / done).toFixed(2);
    const best = Math.max(ideal, 0).toFixed(1);
    console.log(`${outcome} with ${each} sends per success in ${seconds} s (at best ${best} s).`);
  }

  /** Seconds. */
  get #elapsed(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  #time(): string {
    return `${this.#elapsed.toFixed(1).padStart(4)} s`;
  }

  #print(): void {
    const { sends, refused } = this.#service;
    const drawn = bar(sends - this.#before.sends, refused - this.#before.refused);
    this.#before = { sends, refused };
    this.#screen.print(`${this.#time()}  ${this.#cells()}  ${drawn}`);
  }
}

/** What was taken and what was refused, drawn and in figures: `███░ 28 + 2`. */
function bar(sends: number, refused: number): string {
  const taken = sends - refused;
  const green = '█'.repeat(Math.min(Math.round(taken / BLOCK), LONGEST));
  const red = '░'.repeat(Math.min(Math.ceil(refused / BLOCK), LONGEST - green.length));
  if (refused === 0) return `${paint('green', green)} ${taken}`;
  return `${paint('green', green)}${paint('red', red)} ${taken} + ${paint('red', `${refused}`)}`;
}

// Text for a terminal: colours, durations, columns, and a status line at the bottom.
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

const { stdout, env } = process;
const isForced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
const hasColour = !env.NO_COLOR && (isForced || (stdout.isTTY && env.TERM !== 'dumb'));

/** Colours text on a terminal, but not in a file or pipe. Respects NO_COLOR and FORCE_COLOR. */
export function paint(style: keyof typeof CODES, text: string): string {
  return hasColour ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
}

/** The terminal's width in columns, at most 100. */
export function width(): number {
  return Math.min(stdout.columns || 100, 100);
}

/** The width of a text in columns, without its colours. */
export function columns(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with it
  return text.replace(/\x1b\[\d+m/g, '').length;
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - columns(text), 0));
}

/** Milliseconds in the two largest units: `8 s`, `1 min 4 s`, `9 h 6 min`. */
export function duration(ms: number): string {
  let seconds = Math.max(Math.floor(ms / 1000), 0);
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return { count, text: `${count} ${unit}` };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ text }) => text).join(' ');
}

/** Milliseconds as ` 9:06:08`. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number): string => `${n % 60}`.padStart(2, '0');
  const hours = `${Math.floor(seconds / 3600)}`.padStart(2);
  return `${hours}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
}

/** Lines that stay, above status lines that are redrawn. In a pipe there are only the lines. */
export class Screen {
  readonly #status: () => string;
  /** Undefined in a pipe, and when the screen is closed. */
  #timer: NodeJS.Timeout | undefined;
  /** How many lines the status takes now. */
  #drawn = 0;

  /** @param status - One line or several, without colours. Those that the terminal has no room for are not shown. */
  constructor(status: () => string) {
    this.#status = status;
    if (stdout.isTTY) this.#timer = setInterval(() => this.print(), 100);
  }

  /** Prints a line that stays; without a text, only draws the status again. */
  print(text?: string): void {
    const line = text === undefined ? '' : `${text}\n`;
    stdout.write(this.#timer === undefined ? line : this.#erased() + line + this.#draw());
  }

  /** Removes the status. */
  close(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    stdout.write(this.#erased());
  }

  #erased(): string {
    const up = this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : '';
    return `\r${up}\x1b[J`;
  }

  #draw(): string {
    const room = Math.max((stdout.rows || 24) - 1, 1);
    const lines = this.#status().split('\n').slice(0, room);
    this.#drawn = lines.length;
    return lines.map((line) => paint('dim', line.slice(0, width() - 1))).join('\n');
  }
}

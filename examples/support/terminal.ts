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

/** Lines that stay, above a status line that is redrawn. In a pipe there are only the lines. */
export class Screen {
  #timer: NodeJS.Timeout | undefined;

  constructor(status: () => string) {
    if (!stdout.isTTY) return;
    this.#timer = setInterval(() => {
      stdout.write(`\r${paint('dim', status().slice(0, width() - 1))}\x1b[K`);
    }, 100);
  }

  print(text = ''): void {
    stdout.write(`${stdout.isTTY ? '\r\x1b[K' : ''}${text}\n`);
  }

  /** Removes the status line. */
  close(): void {
    clearInterval(this.#timer);
    if (stdout.isTTY) stdout.write('\r\x1b[K');
  }
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

type Style = keyof typeof codes;
export type Paint = (style: Style, text: string) => string;

const { stdout, env } = process;
const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
const inColour = !env.NO_COLOR && (forced || (stdout.isTTY && env.TERM !== 'dumb'));

/** Colours on a terminal, plain text in a file or pipe; NO_COLOR and FORCE_COLOR are respected. */
export const paint: Paint = (style, text) =>
  inColour ? `\x1b[${codes[style]}m${text}\x1b[0m` : text;

/** Never wider than 100 columns. */
export function width(): number {
  return Math.min(stdout.columns || 100, 100);
}

/** One line at the bottom that is drawn anew, and lines above it that stay. Just lines in a pipe. */
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

  /** Takes the bottom line away. */
  close(): void {
    clearInterval(this.#timer);
    if (stdout.isTTY) stdout.write('\r\x1b[K');
  }
}

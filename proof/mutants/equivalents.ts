// Mutants that no test can kill, because they behave as the source does, each with the reason.
import type { Mutant } from './mutate.js';

interface Equivalent {
  readonly file: string;
  /** Part of the line on which the mutated text begins; only if the file has the same text twice. */
  readonly line?: string;
  /** The mutated text, with white space as one space; or, with "…" at its end, how it begins. */
  readonly from: string;
  /** The text in its place. */
  readonly to: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/policy/decision.ts',
    from: 'value === undefined',
    to: 'false',
    why: 'a missing header is parsed as nothing; the condition only saves time',
  },
  {
    file: 'src/policy/decision.ts',
    from: "'retry-after-or-backoff'",
    to: '""',
    why: 'it stands for neither of the other three, which are what is asked for',
  },
  {
    file: 'src/policy/define-status-table.ts',
    from: 'code < 600',
    to: 'code <= 600',
    why: 'no table has a row for 600',
  },
  {
    file: 'src/policy/retry-after.ts',
    from: "''",
    to: '"Stryker was here!"',
    line: "typeof line === 'string'",
    why: 'no date either',
  },
];

export function isListed(mutant: Mutant, list = equivalents): boolean {
  return list.some(
    ({ file, line = '', from, to }) =>
      mutant.file === file &&
      mutant.to === to &&
      mutant.lineText.includes(line) &&
      (from.endsWith('…') ? mutant.from.startsWith(from.slice(0, -1)) : mutant.from === from),
  );
}

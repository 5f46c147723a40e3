// Makes the mutants with Stryker's instrumenter: each file once, with all of its mutants behind switches.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The folders of `src/` that take part. */
export const FOLDERS = ['policy', 'wait', 'request', 'core', 'gate'] as const;

/** Where the sources with switches are written, for the transformer in `jest/`. */
export const SWITCHED = join(tmpdir(), `mutants-${process.pid}`);

export interface Mutant {
  /** Its switch in this run. */
  readonly id: string;
  /** Its file, from the root of the repository. */
  readonly file: string;
  /** The line that it begins on, counted from 1, and its text. */
  readonly line: number;
  readonly lineText: string;
  /** The text that it changes, and the text in its place; white space counts as one space. */
  readonly from: string;
  readonly to: string;
}

/** What is used of it. By a variable, because its own types do not pass our compiler options. */
const INSTRUMENTER: string = '@stryker-mutator/instrumenter';
interface Instrumented {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly mutants: readonly {
    readonly id: string;
    readonly fileName: string;
    readonly location: Readonly<
      Record<'start' | 'end', { readonly line: number; readonly column: number }>
    >;
    readonly replacement: string;
  }[];
}

const ignore = () => undefined;
const logger = { debug: ignore, info: ignore, warn: console.warn, isDebugEnabled: () => false };

/** Writes the files with switches, and returns all mutants in the order of their files. */
export async function writeMutants(): Promise<readonly Mutant[]> {
  const names = FOLDERS.flatMap((folder) =>
    readdirSync(join('src', folder))
      .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
      .map((name) => join('src', folder, name)),
  );
  const sources = new Map(names.map((name) => [name, readFileSync(name, 'utf8')]));
  const { Instrumenter } = await import(INSTRUMENTER);
  const { files, mutants }: Instrumented = await new Instrumenter(logger).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  for (const { name, content } of files) {
    const path = join(SWITCHED, dirname(name));
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, basename(name)), content);
  }
  return mutants.map(({ id, fileName, location: { start, end }, replacement }) => {
    const lines = (sources.get(fileName) ?? '').split('\n');
    const changed = lines.slice(start.line, end.line + 1);
    changed.push((changed.pop() ?? '').slice(0, end.column));
    changed.unshift((changed.shift() ?? '').slice(start.column));
    return {
      id,
      file: fileName,
      line: start.line + 1,
      lineText: (lines[start.line] ?? '').trim(),
      from: oneLine(changed.join('\n')),
      to: oneLine(replacement),
    };
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function showMutant({ file, line, from, to }: Mutant): string {
  return `${file}:${line} ${from} → ${to}`;
}

// Which test files noticed the mutants of each source, as a full run found: a quick run takes only these sources and tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Outcome } from './try-mutants.js';

const FILE = new URL('killers.json', import.meta.url);

/** By source file: the test files that noticed its mutants, from the root of the repository. */
export function readKillers(): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(JSON.parse(readFileSync(FILE, 'utf8'))));
}

/** Writes them, of a full run. */
export function writeKillers(outcomes: readonly Outcome[]): void {
  const found = new Map<string, Set<string>>();
  for (const { mutant, by } of outcomes) {
    const tests = found.get(mutant.file) ?? new Set();
    found.set(mutant.file, tests);
    if (by !== undefined) tests.add(relative(process.cwd(), by));
  }
  const sorted = [...found].map(([file, tests]) => [file, [...tests].sort()] as const);
  const known = Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(known, null, 2)}\n`);
}

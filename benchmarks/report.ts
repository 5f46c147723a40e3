// Prints each table of figures as soon as it is measured, and writes all of them as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, type } from 'node:os';

const PACKAGES = ['axios', 'axios-retry', 'retry-axios'];

export class Report {
  readonly #tables: Record<string, readonly object[]> = {};
  readonly #packages: readonly string[];

  /** @param packages - Whose versions are in the file too. */
  constructor(packages: readonly string[] = []) {
    this.#packages = [...PACKAGES, ...packages];
  }

  /** @param print - Prints the rows, with their numbers as measured. */
  add(title: string, rows: readonly object[], print = printTable): void {
    this.#tables[title] = rows.map(rounded);
    console.log(`\n${title}\n`);
    print(rows);
  }

  /** @param file - Writes nothing if it is undefined. */
  write(file: string | undefined): void {
    if (file === undefined) return;
    const all = { date: new Date().toISOString().slice(0, 10), ...environment(this.#packages) };
    const json = JSON.stringify({ ...all, tables: this.#tables }, null, 2);
    // A row per line.
    writeFileSync(file, `${json.replace(/\{[^{}]*\}/g, (row) => row.replace(/\s+/g, ' '))}\n`);
    console.log(`\nWritten: ${file}`);
  }
}

function printTable(rows: readonly object[]): void {
  console.table(rows.map(rounded));
}

/** Whole numbers from 100 on, two decimals below. */
function rounded(row: object): object {
  const entries = Object.entries(row).map(([key, value]) => [
    key,
    typeof value === 'number' ? Number(value.toFixed(Math.abs(value) < 100 ? 2 : 0)) : value,
  ]);
  return Object.fromEntries(entries);
}

function environment(packages: readonly string[]) {
  const all = cpus();
  return {
    machine: `${all[0]?.model.trim()}, ${all.length} cores, ${type()} on ${process.arch}`,
    versions: {
      node: process.version,
      'axios-status-retry': versionIn('../package.json'),
      ...Object.fromEntries(
        packages.map((name) => [name, versionIn(`../node_modules/${name}/package.json`)]),
      ),
    },
  };
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version;
}

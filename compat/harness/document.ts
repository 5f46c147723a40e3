// Writes docs/reference/compatibility.md: a table for each adapter, and the reasons why a cell is empty.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { AdapterName } from '../suite/environment.js';
import type { Result } from '../suite/run.js';
import { launchChromium } from './chromium.js';
import type { Combination } from './combinations.js';
import { adapters, impossible, runtimes, versions } from './combinations.js';
import { MODULES } from './workplace.js';

export interface Trial extends Combination {
  readonly results: readonly Result[];
}

/** Reasons, each with the number of its footnote. */
class Notes {
  readonly #texts: string[] = [];

  mark(...texts: readonly string[]): string {
    for (const text of texts) if (!this.#texts.includes(text)) this.#texts.push(text);
    const numbers = texts.map((text) => this.#texts.indexOf(text) + 1);
    return numbers.length > 0 ? `<sup>${numbers.join(' ')}</sup>` : '';
  }

  lines(): string[] {
    return this.#texts.map((text, i) => `${i + 1}. ${text}`);
  }
}

function cellOf(trial: Trial, notes: Notes): string {
  const { results } = trial;
  const reasons = new Map<string, string[]>();
  for (const { rule, unless } of results) {
    if (unless !== undefined) reasons.set(unless, [...(reasons.get(unless) ?? []), rule]);
  }
  const texts = [...reasons].map(
    ([reason, rules]) => `${reason}. Not checked: ${rules.map((rule) => `“${rule}”`).join(', ')}.`,
  );
  return results.filter(({ unless }) => unless === undefined).length + notes.mark(...texts);
}

function tableOf(adapter: AdapterName, trials: readonly Trial[], notes: Notes): string[] {
  const rows = versions.map((version) => {
    const cells = runtimes.map((runtime) => {
      const trial = trials.find(
        (one) => one.adapter === adapter && one.version === version && one.runtime === runtime,
      );
      if (trial) return cellOf(trial, notes);
      return `–${notes.mark(`${impossible(adapter, version, runtime)}.`)}`;
    });
    return `| ${version} | ${cells.join(' | ')} |`;
  });
  return [
    `## The ${adapter} adapter`,
    '',
    `| Axios | ${runtimes.map(({ title }) => title).join(' | ')} |`,
    `|---|${runtimes.map(() => '---').join('|')}|`,
    ...rows,
    '',
  ];
}

/** The release of each runtime, as it prints it: `Node` → `20.20.2, 22.23.3, …`. */
async function releasesOf(): Promise<Map<string, string>> {
  const releases = new Map<string, string>();
  for (const { kind, format, command } of runtimes) {
    if (command === undefined || format === 'cjs') continue;
    const output = execFileSync(join(MODULES, command[0]), ['--version'], { encoding: 'utf8' });
    const release = /\d+\.\d+\.\d+/.exec(output)?.[0] ?? output.trim();
    const name = kind.replace(/^./, (letter) => letter.toUpperCase());
    releases.set(name, [releases.get(name), release].filter(Boolean).join(', '));
  }
  const browser = await launchChromium();
  releases.set('Chromium', (await browser.version()).replace(/^.*\//, ''));
  await browser.close();
  return releases;
}

/** The page that shows every combination; they have all passed. It is the same from run to run. */
export async function documentOf(trials: readonly Trial[]): Promise<string> {
  const releases = await releasesOf();
  const rules = trials[0]?.results.map(({ rule }) => rule) ?? [];
  const notes = new Notes();
  const tables = adapters.flatMap((adapter) => tableOf(adapter, trials, notes));
  return [
    '# Where it runs',
    '',
    '`npm run compat` writes this page, and CI fails when it is out of date. It checks',
    `${rules.length} rules in each combination of Axios version, adapter and runtime, on the packed package and`,
    'against a real server (the mock adapter is axios-mock-adapter). A number says how many rules held. It needs',
    'Linux on x64.',
    '',
    `Runtimes: ${[...releases].map(([name, release]) => `${name} ${release}`).join(', ')}. In Chromium the`,
    'bundled ES modules run in a page of another origin than the server. To check one cell or one row:',
    '',
    '```sh',
    'npm run compat -- node-22 1.7.0 fetch',
    `npm run compat -- ${runtimes.map(({ name }) => name).join(' ')} 1.2.0`,
    '```',
    '',
    ...tables,
    '## What cannot be checked',
    '',
    ...notes.lines(),
    '',
    '## The rules',
    '',
    ...rules.map((rule) => `- ${rule}`),
    '',
  ].join('\n');
}

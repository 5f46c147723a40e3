// Do the tests notice when the source is wrong? Changes it in one small place at a time, and looks whether a test fails.
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import type { ProofPart, ProofResult } from '../report/part.js';
import { measureCoverage } from './coverage.js';
import { equivalents, isListed } from './equivalents.js';
import { readKillers, writeKillers } from './killers.js';
import type { Mutant } from './mutate.js';
import { FOLDERS, SWITCHED, showMutant, writeMutants } from './mutate.js';
import type { Outcome } from './try-mutants.js';
import { tryMutants } from './try-mutants.js';
import { Workers } from './worker.js';

/** How many mutants a quick run tries. */
const SAMPLE = 150;

/** The mutants of a quick run, in any order. */
function sample(mutants: readonly Mutant[], seed: number): readonly Mutant[] {
  const length = Math.min(SAMPLE, mutants.length);
  const subset = fc.shuffledSubarray([...mutants], { minLength: length, maxLength: length });
  return fc.sample(subset, { seed, numRuns: 1 }).flat();
}

/** A row for each folder. */
function figuresOf(outcomes: readonly Outcome[]): ProofResult['figures'] {
  return FOLDERS.map((folder) => {
    const ours = outcomes.filter(({ mutant }) => mutant.file.startsWith(`src/${folder}/`));
    const count = (end: Outcome['end']) => ours.filter((outcome) => outcome.end === end).length;
    const noticed = count('killed') + count('timed out');
    const share = ((100 * noticed) / Math.max(ours.length, 1)).toFixed(1);
    return [
      `src/${folder}`,
      `${ours.length} mutants: ${count('killed')} killed, ${count('timed out')} timed out (${share} %), ` +
        `${count('equivalent')} equivalent, ${count('survived')} survived`,
    ];
  });
}

export const mutants: ProofPart = {
  name: 'mutants',
  title: 'Mutants: do the tests notice a wrong source?',
  about: `The mutators of Stryker change one place of the source at a time: another operator, the opposite condition, an empty
block or text. For each change, the tests that reach the place run until one fails: the mutant is killed, or timed out if it
loops for ever. A mutant that behaves as the source does is equivalent; \`proof/mutants/equivalents/\` lists each with the
reason, and those are not run. Tests that need Redis, a browser or another process do not take part. A rule that the source forgets
cannot be found in this way.`,
  async run({ quick, seed }) {
    const all = await writeMutants();
    const killers = readKillers();
    const known = all.filter(({ file }) => killers.has(file));
    const chosen = quick ? sample(known, seed) : all;
    const testFiles = quick && new Set(chosen.flatMap(({ file }) => killers.get(file) ?? []));
    const workers = new Workers();
    const coverage = await measureCoverage(workers, testFiles || undefined);
    const listed = chosen.filter((mutant) => isListed(mutant));
    const open = chosen.filter((mutant) => !isListed(mutant));
    const outcomes = await tryMutants(open, coverage, workers);
    workers.end();
    rmSync(SWITCHED, { recursive: true });
    outcomes.push(...listed.map((mutant) => ({ mutant, end: 'equivalent' as const })));
    if (!quick) writeKillers(outcomes);
    const survivors = outcomes.filter(({ end }) => end === 'survived');
    const unused = equivalents.filter((entry) => !all.some((mutant) => isListed(mutant, [entry])));
    return {
      figures: figuresOf(outcomes),
      failures: [
        ...coverage.broken.map((file) => `fails without a mutant: ${file}`),
        ...survivors.map(({ mutant }) => `no test notices ${showMutant(mutant)}`),
        ...unused.map(({ file, from, to }) => `no such mutant any more: ${file} ${from} → ${to}`),
      ],
    };
  },
};

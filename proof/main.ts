// npm run proof: tries the promises as hard as we know how, and writes the figures to docs/proof.md.
// --quick does a little of each part and only prints; --only NAME runs one part; --seed N repeats a run.
import { parseArgs } from 'node:util';
import { hostile } from './hostile/index.js';
import { model } from './model/index.js';
import { mutants } from './mutants/mutants.js';
import { writePage } from './report/page.js';
import type { ProofPart, ProofResult } from './report/part.js';
import { soak } from './soak/soak.js';
import { time } from './time/index.js';

const parts: readonly ProofPart[] = [model, soak, hostile, mutants, time];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const { quick, only } = values;
const seed = Number(values.seed);
const chosen = parts.filter(({ name }) => only === undefined || name === only);
if (!Number.isSafeInteger(seed) || chosen.length === 0) {
  console.error(
    `--seed takes a whole number, --only one of ${parts.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

console.log(`seed ${seed}`);
const results = new Map<ProofPart, ProofResult>();
for (const part of chosen) {
  console.log(`\n${part.title}`);
  const result = await part.run({ quick, seed });
  for (const [what, figure] of result.figures) console.log(`  ${what}: ${figure}`);
  for (const failure of result.failures) console.error(`  FAILED ${failure}`);
  results.set(part, result);
}
const failures = [...results.values()].flatMap((result) => result.failures);
if (!quick && only === undefined && failures.length === 0) writePage(results, seed);
console.log(failures.length === 0 ? '\nAll promises held.' : `\n${failures.length} failures.`);
process.exitCode = failures.length === 0 ? 0 : 1;

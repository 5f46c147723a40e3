// npm run proof: tries the promises as hard as we know how, and writes the figures to docs/internals/proof.md.
// --quick does a little of each part and only prints; --only NAME does one part; --seed N makes the same choices again.
import { parseArgs } from 'node:util';
import { hostile } from './hostile/index.js';
import { model } from './model/index.js';
import { mutants } from './mutants/mutants.js';
import { writePage } from './report/page.js';
import type { ProofPart } from './report/part.js';
import { soak } from './soak/soak.js';
import { time } from './time/index.js';

const parts: readonly ProofPart[] = [model, soak, hostile, time, mutants];

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
let failures = 0;
for (const part of chosen) {
  console.log(`\n${part.title}`);
  const begun = performance.now();
  const result = await part.run({ quick, seed });
  for (const [what, figure] of result.figures) console.log(`  ${what}: ${figure}`);
  for (const failure of result.failures) console.error(`  FAILED ${failure}`);
  console.log(`  in ${Math.round((performance.now() - begun) / 1000)} s`);
  failures += result.failures.length;
  if (!quick && result.failures.length === 0) writePage(parts, part, result, seed);
}
console.log(failures === 0 ? '\nAll promises held.' : `\n${failures} failures.`);
process.exitCode = failures === 0 ? 0 : 1;

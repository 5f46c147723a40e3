// npm run compat [-- runtime, version and adapter names]: runs the suite wherever Axios runs. Without names it
// runs everywhere and writes docs/reference/compatibility.md; where CI is set it fails if that page differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from '../suite/run.js';
import type { Combination } from './combinations.js';
import { choose } from './combinations.js';
import type { Trial } from './document.js';
import { documentOf } from './document.js';
import { Trials } from './trials.js';
import { prepare } from './workplace.js';

const PAGE = fileURLToPath(new URL('../../docs/reference/compatibility.md', import.meta.url));

/** Trials at a time; most of each is waiting for sockets. */
const AT_ONCE = 3;

async function resultsOf(trials: Trials, combination: Combination): Promise<Result[]> {
  const { runtime, version, adapter } = combination;
  return trials
    .try(runtime, version, adapter)
    .catch((error: unknown) => [{ rule: 'the suite runs', error: String(error) }]);
}

function print({ runtime, version, adapter, results }: Trial): void {
  const failed = results.filter(({ error }) => error !== undefined);
  const skipped = results.filter(({ unless }) => unless !== undefined).length;
  const held = results.length - failed.length - skipped;
  const name = `${runtime.name.padEnd(15)} ${version.padEnd(7)} ${adapter.padEnd(6)}`;
  const counts = `${held} held, ${failed.length} failed, ${skipped} skipped`;
  console.log(`${failed.length > 0 ? 'FAILED' : 'ok    '} ${name} ${counts}`);
  for (const { rule, error } of failed) console.log(`         ${rule}\n         ${error}`);
}

async function tryOne(trials: Trials, combination: Combination): Promise<Trial> {
  const trial = { ...combination, results: await resultsOf(trials, combination) };
  print(trial);
  return trial;
}

async function tryAll(combinations: readonly Combination[]): Promise<Trial[]> {
  const trials = new Trials();
  const done: Trial[] = [];
  const left = [...combinations];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) done.push(await tryOne(trials, next));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await trials.close();
  }
  return done;
}

/** Writes the page, or checks it in CI. Returns whether it is right. */
async function page(trials: readonly Trial[]): Promise<boolean> {
  const text = await documentOf(trials);
  if (process.env.CI === undefined) {
    writeFileSync(PAGE, text);
    return true;
  }
  const isSame = readFileSync(PAGE, 'utf8') === text;
  if (!isSame) console.error('docs/reference/compatibility.md differs; npm run compat writes it.');
  return isSame;
}

/** The combinations that the command line selects; ends with a message if there are none. */
function chosen(words: readonly string[]): Combination[] {
  try {
    return choose(words);
  } catch (error) {
    console.error(String(error));
    process.exit(2);
  }
}

const words = process.argv.slice(2);
const combinations = chosen(words);
await prepare([...new Set(combinations.map(({ version }) => version))]);
const trials = await tryAll(combinations);
const failed = trials.filter(({ results }) => results.some(({ error }) => error !== undefined));
const isRight = words.length > 0 || failed.length > 0 || (await page(trials));
console.log(`Combinations: ${trials.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || !isRight ? 1 : 0;

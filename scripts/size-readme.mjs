// node scripts/size-readme.mjs [--write] [FILE]: holds README.md to the sizes that size-limit measures, or
// writes them into it. Needs a build.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BEGIN = '<!-- size: written by npm run size:write -->';
const END = '<!-- /size -->';
/** What a change of the bundler or of zlib may move; more is a README that is not true. */
const TOLERANCE = 0.01;

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {{ name: string, size: number }[]} Bytes of each import, as size-limit measures them. */
function measure() {
  if (!existsSync(`${root}/dist/esm/index.js`)) throw new Error('There is no dist/: npm run build');
  const bin = `${root}/node_modules/size-limit/bin.js`;
  // It ends with 1 when a limit is passed, which `npm run size` tells; the sizes are there all the same.
  const { stdout, stderr } = spawnSync(process.execPath, [bin, '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  const results = stdout.startsWith('[') ? JSON.parse(stdout) : [];
  if (results.length === 0) throw new Error(`size-limit measured nothing: ${stdout}${stderr}`);
  return results;
}

/** @param {{ name: string, size: number }[]} results */
function block(results) {
  const each = results.map(({ name, size }) => `${name} ${size.toLocaleString('en')} B`);
  return `In a bundle, minified and gzipped, without Axios:\n${each.join(', ')}.`;
}

/** @param {string} text */
function bytesIn(text) {
  return [...text.matchAll(/([\d,]+) B/g)].map(([, bytes]) => Number(bytes?.replaceAll(',', '')));
}

/** @param {string} text */
function withoutBytes(text) {
  return text.replaceAll(/[\d,]+ B/g, '… B');
}

/**
 * @param {string} now
 * @param {string} measured
 */
function differs(now, measured) {
  if (withoutBytes(now) !== withoutBytes(measured)) return true;
  const bytes = bytesIn(measured);
  return bytesIn(now).some((shown, i) => Math.abs(shown / Number(bytes[i]) - 1) > TOLERANCE);
}

const args = process.argv.slice(2);
const file = args.find((arg) => !arg.startsWith('--')) ?? `${root}/README.md`;
const readme = readFileSync(file, 'utf8');
const from = readme.indexOf(BEGIN) + BEGIN.length + 1;
const to = readme.indexOf(END);
if (!readme.includes(BEGIN) || to < from) {
  console.error(`README.md lacks the place for the sizes. Put these two lines where they belong, then
run npm run size:write:\n${BEGIN}\n${END}`);
  process.exit(1);
}
const now = readme.slice(from, to).trimEnd();
const measured = block(measure());

if (args.includes('--write')) {
  writeFileSync(file, `${readme.slice(0, from)}${measured}\n${readme.slice(to)}`);
  console.log(measured);
} else if (differs(now, measured)) {
  console.error(`README.md does not show the sizes as they are (npm run size:write does):
shown:\n${now}\nmeasured:\n${measured}`);
  process.exitCode = 1;
} else {
  console.log(`README.md shows the sizes as they are, within ${TOLERANCE * 100} %.`);
}

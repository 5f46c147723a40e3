// node scripts/together.mjs NAME...: runs scripts of package.json, as many at a time as there are processors. Each
// prints what it wrote when it has ended. Fails, when all have ended, if one of them has failed.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * @param {string} name
 * @returns {Promise<boolean>} Whether it succeeded.
 */
function run(name) {
  const begun = performance.now();
  const child = spawn('npm', ['run', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      const end = code === 0 ? 'ok' : `FAILED (${code ?? signal})`;
      console.log(`${output}npm run ${name}: ${end}, ${seconds} s`);
      resolve(code === 0);
    });
  });
}

const left = process.argv.slice(2);
/** @type {string[]} */
const failed = [];

async function work() {
  for (let name = left.shift(); name; name = left.shift()) {
    if (!(await run(name))) failed.push(name);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

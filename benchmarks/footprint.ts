// What does a plugin add to a bundle, and how long does its import take?
import { bundleSize } from '../scripts/bundle.mjs';
import { AXIOS_RETRY, NAIVE, OURS, RETRY_AXIOS } from './contenders.js';
import { runNode } from './node-process.js';
import { median, shuffle } from './statistics.js';

/** The import in an application. */
const exported: Readonly<Record<string, string>> = {
  [NAIVE]: "export { attachNaive } from './benchmarks/naive.ts';",
  [AXIOS_RETRY]: "export { default } from 'axios-retry';",
  [RETRY_AXIOS]: "export { attach } from 'retry-axios';",
  [OURS]: "export { attachRetry } from './dist/esm/index.js';",
};
/** By package name, ours too: a package may import itself through its `exports`. */
const packages = [AXIOS_RETRY, RETRY_AXIOS, OURS];
const CAP_SECONDS = 30;

/** Bytes in a bundle without Axios. */
export function measureSizes() {
  return Promise.all(
    Object.entries(exported).map(async ([contender, code]) => {
      const { minified, gzipped } = await bundleSize(code);
      return { contender, minifiedBytes: minified, gzippedBytes: gzipped };
    }),
  );
}

/** Milliseconds of `import` in a fresh process that has loaded Axios already. */
export async function measureImports(runs: number) {
  const times = new Map(packages.map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const name of shuffle(packages)) {
      const program = `
        await import('axios');
        const begun = performance.now();
        await import('${name}');
        console.log(performance.now() - begun);`;
      const args = ['--input-type=module', '-e', program];
      times.get(name)?.push(Number(await runNode(args, CAP_SECONDS)));
    }
  }
  return packages.map((contender) => ({ contender, importMs: median(times.get(contender) ?? []) }));
}

import { runNode } from './child.js';
import { AXIOS_RETRY, OURS, RETRY_AXIOS } from './names.js';
import type { Import } from './results.js';
import { median, shuffle } from './statistics.js';

/** By their own names, ours too: a package may import itself by its `exports`. */
const packages = [AXIOS_RETRY, RETRY_AXIOS, OURS];
const CAP = 30;

/** What importing the package takes in a fresh process that has Axios already. */
export async function measureImports(runs: number): Promise<Import[]> {
  const took = new Map(packages.map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const name of shuffle(packages)) {
      const program = `
        await import('axios');
        const begun = performance.now();
        await import('${name}');
        console.log(performance.now() - begun);`;
      took.get(name)?.push(Number(await runNode(['--input-type=module', '-e', program], CAP)));
    }
  }
  return packages.map((contestant) => ({ contestant, took: median(took.get(contestant) ?? []) }));
}

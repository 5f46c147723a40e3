// Finds unused files, exports and dependencies. compat/ and two examples have their own package.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnipConfig } from 'knip';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));

const config: KnipConfig = {
  // The package's entries, as in scripts/build.mjs, and the programs.
  entry: [
    ...entries.map((entry) => join('src', entry, 'index.ts!')),
    'benchmarks/{bench,guard,waiting-child}.ts',
    'benchmarks/herd/{gate-rules,herd,race-client,race-server}.ts',
    'examples/*/{main,api,backend,worker}.ts',
    'proof/main.ts',
    'proof/time/child.ts',
    'scripts/*.mjs',
    // Jest loads these in the workers of proof/mutants/.
    'proof/mutants/jest/*.ts',
    // It uses the tests' server; its own package.json lists the rest of what it needs.
    'compat/**/*.ts',
  ],
  project: [
    '*.{ts,mjs}',
    'src/**/*.ts!',
    '{__tests__,benchmarks,scripts}/**/*.{ts,tsx,mjs}',
    'examples/**/*.ts',
  ],
  // Some exports are there for the tests only; whether a test needs them is for the other run to say.
  ignoreExportsUsedInFile: process.argv.includes('--production'),
  // Only the tests of those folders run with tsx.
  tsx: false,
  ignore: ['compat/**', 'examples/{browser,frameworks}/**', 'scripts/rehearsal/**'],
  // Jest loads its configuration with ts-node; benchmarks/herd/chart.ts imports echarts by a variable, and proof/mutants/
  // the instrumenter; __tests__/support/es-module.ts bundles ky and got, which the snippets of a guide import.
  ignoreDependencies: ['ts-node', 'echarts', 'ky', 'got', '@stryker-mutator/instrumenter'],
  // Installed on the system.
  ignoreBinaries: ['redis-server'],
};

export default config;

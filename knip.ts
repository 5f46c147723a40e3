import { readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.keys(exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => (entry === '.' ? 'index' : entry.slice(2)));

const config: KnipConfig = {
  // What is built, by the names in package.json as in scripts/build.mjs; then what is run.
  entry: [
    ...entries.map((name) => `src/${name === 'index' ? name : `${name}/index`}.ts!`),
    'benchmarks/{bench,guard,waiting-child}.ts',
    'benchmarks/herd/{gate-rules,herd,race-client,race-server}.ts',
    'examples/*/{main,api,backend,worker}.ts',
    'scripts/*.mjs',
  ],
  // Folders with a package.json of their own are not of this one.
  project: [
    '*.{ts,mjs}',
    'src/**/*.ts!',
    '{__tests__,benchmarks,scripts}/**/*.{ts,mjs}',
    'examples/**/*.ts',
  ],
  // What tsx tests is in those folders.
  tsx: false,
  ignore: ['compat/**', 'examples/{browser,frameworks}/**'],
  // Jest loads its configuration with ts-node; benchmarks/herd/chart.ts imports echarts by a variable.
  ignoreDependencies: ['ts-node', 'echarts'],
  // Of the system, where it has one.
  ignoreBinaries: ['redis-server'],
};

export default config;

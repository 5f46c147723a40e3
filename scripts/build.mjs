// Builds src/ twice into dist/: ES modules for `import`, CommonJS for `require`. 30 small files take three
// times as long to import as one, and of one file a bundler cannot leave out what an app does not use. So
// the core is one file, and each pure part of the entry another; types stay as they are.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const entries = Object.keys(exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => (entry === '.' ? 'index' : `${entry}/index`));
const parts = [
  'core/attach',
  'core/report',
  'policy/status-table',
  'policy/platform-table',
  'policy/retry-after',
  'policy/backoff',
  'policy/decision',
];

rmSync(`${root}/dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
// Both formats have the same declarations.
cpSync(`${root}/dist/esm`, `${root}/dist/cjs`, { recursive: true });
for (const format of ['esm', 'cjs']) {
  await build({
    entryPoints: (format === 'esm' ? [...entries, ...parts] : entries).map(
      (name) => `${root}/src/${name}.ts`,
    ),
    outbase: `${root}/src`,
    outdir: `${root}/dist/${format}`,
    format,
    bundle: true,
    splitting: format === 'esm',
    chunkNames: 'shared-[hash]',
    packages: 'external',
    platform: 'neutral',
    target: 'es2022',
    sourcemap: true,
    // src/ is in the package.
    sourcesContent: false,
  });
}
// esbuild also imports shared files for their side effects; they have none, and bundlers warn of that.
const built = readdirSync(`${root}/dist/esm`, { recursive: true, encoding: 'utf8' });
for (const name of built.filter((name) => name.endsWith('.js'))) {
  const path = `${root}/dist/esm/${name}`;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^import "(\.\.?\/)+shared-.*";$/gm, ''));
}
// The package is "type": "module"; without this Node would read dist/cjs as ES modules.
writeFileSync(`${root}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');

// Builds src/ twice into dist/: ES modules for `import`, CommonJS for `require`. One file for each entry
// (and what entries share), as 30 small ones take three times as long to import; types stay as they are.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));

rmSync(`${root}/dist`, { recursive: true, force: true });
for (const format of ['esm', 'cjs']) {
  execFileSync(process.execPath, [tsc, '-p', `tsconfig.${format}.json`], {
    cwd: root,
    stdio: 'inherit',
  });
  await build({
    entryPoints: entries.map((entry) => `${root}/src/${entry === '.' ? 'index' : entry}.ts`),
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
// The package is "type": "module"; without this Node would read dist/cjs as ES modules.
writeFileSync(`${root}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');

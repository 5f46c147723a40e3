// Builds src/ into dist/: ES modules for `import`, the same files as CommonJS for `require`, and their types.
// A single file would import fastest, but a bundler could not drop the parts that an app does not use. So
// esbuild splits the code into chunks: what several entries share, and the modules in `parts`. Also copies
// docs/reference/errors.md to errors.md, the place in the package that messages name.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [src, dist, esm, cjs] = ['src', 'dist', 'dist/esm', 'dist/cjs'].map((path) => root + path);
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const entries = Object.keys(exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => join(entry, 'index'));
/**
 * Modules that become chunks besides the entries. An app that imports only `parseRetryAfter` or `decideRetry` thus
 * gets neither the core nor Axios. And no chunk is over 32 kB: only up to there does gzip find its CommonJS twin,
 * which then adds next to nothing to the package.
 */
const parts = [
  ...['core/attach', 'core/call', 'policy/decision', 'deferral/deferral'],
  ...['gate/limiter', 'redis/script', 'redis/gate'],
];
const shared = { target: 'es2022', platform: 'neutral' };

/** The files of a folder with this end, as paths in it. */
function filesIn(folder, end) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith(end));
}

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
// Only the types that an entry reaches are of use. The loop also visits what it adds to the set.
const typed = new Set(entries);
for (const module of typed) {
  const text = readFileSync(join(esm, `${module}.d.ts`), 'utf8');
  for (const [, path] of text.matchAll(/['"](\.[^'"]*)\.js['"]/g))
    typed.add(join(module, '..', path));
}
for (const file of filesIn(esm, '.d.ts')) {
  if (!typed.has(file.slice(0, -'.d.ts'.length))) rmSync(join(esm, file));
}
cpSync(esm, cjs, { recursive: true });

await build({
  ...shared,
  entryPoints: [...entries, ...parts].map((name) => `${src}/${name}.ts`),
  outbase: src,
  outdir: esm,
  format: 'esm',
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
});
// The entries import the chunks themselves.
for (const part of parts) for (const end of ['.js', '.js.map']) rmSync(join(esm, part + end));
for (const file of filesIn(esm, '.js')) {
  const path = join(esm, file);
  // esbuild also imports chunks for their side effects; they have none, and bundlers warn about it.
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^import "(\.\.?\/)+shared-.*";$/gm, ''));
}
// Without source maps: these files are the ES modules almost line by line.
await build({
  ...shared,
  entryPoints: filesIn(esm, '.js').map((file) => join(esm, file)),
  outbase: esm,
  outdir: cjs,
  format: 'cjs',
});
// The package is "type": "module"; without this Node would read dist/cjs as ES modules.
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
// Source maps of lines only: with every token they would be a seventh of the package.
for (const file of filesIn(esm, '.js.map')) {
  const path = join(esm, file);
  const map = JSON.parse(readFileSync(path, 'utf8'));
  map.mappings = encode(decode(map.mappings).map((line) => line.slice(0, 1)));
  writeFileSync(path, JSON.stringify(map));
}
// Its links become links from the root, as those of the README are.
const page = readFileSync(`${root}docs/reference/errors.md`, 'utf8');
const links = /\]\((?!#|https?:)([^)]*)\)/g;
writeFileSync(
  `${root}errors.md`,
  page.replace(links, (_, to) => `](${join('docs/reference', to)})`),
);

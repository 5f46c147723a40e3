// Prints what `attachRetry` costs in a bundle, minified and gzipped, without Axios; fails over the budget.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const BUDGET = 6000;

const bundle = await build({
  stdin: {
    contents: "export { attachRetry } from './src/index.ts';",
    resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  external: ['axios'],
  write: false,
});
const minified = bundle.outputFiles[0].contents;
const gzipped = gzipSync(minified, { level: 9 }).length;

console.log(
  `attachRetry: ${gzipped} bytes gzipped (${minified.length} minified); the budget is ${BUDGET}`,
);
if (gzipped > BUDGET) {
  console.error(`Over the budget by ${gzipped - BUDGET} bytes.`);
  process.exitCode = 1;
}

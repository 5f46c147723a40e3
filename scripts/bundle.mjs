// Measures the size of code in a bundle, minified and gzipped, without Axios.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * @param {string} code - TypeScript that imports by paths from the root of the repository.
 * @returns {Promise<{ minified: number, gzipped: number }>} Bytes.
 */
export async function bundleSize(code) {
  const bundle = await build({
    stdin: {
      contents: code,
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
  return { minified: minified.length, gzipped: gzipSync(minified, { level: 9 }).length };
}

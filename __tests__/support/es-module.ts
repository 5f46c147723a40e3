// Loads a package that has ES modules only into Jest, which runs CommonJS here.
import { buildSync } from 'esbuild';
import { root } from './snippets.js';

/** Bundles a package from node_modules, with what it depends on, and runs the bundle in this file's globals. */
export function loadEsModule(name: string): object {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export * from '${name}'; export { default } from '${name}';`,
      resolveDir: root,
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'require', outputFiles[0]?.text ?? '')(module, require);
  return module.exports;
}

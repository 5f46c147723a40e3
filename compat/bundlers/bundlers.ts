// The bundlers, each with no more configuration than an app needs that says nothing about this package.
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build as esbuild, formatMessages } from 'esbuild';
import { rollup } from 'rollup';
import { createLogger, build as vite } from 'vite';
import webpack from 'webpack';

export type Target = 'browser' | 'node';

interface Job {
  readonly entry: string;
  readonly target: Target;
  /** What is built goes here: for Node `main.mjs` or `main.cjs`, for a browser what `index.html` loads. */
  readonly folder: string;
}

/** Builds for production, as the bundler does it, and tells what it warned of. */
export type Bundler = (job: Job) => Promise<string[]>;

/** For bundlers that write scripts only. */
function writePage(folder: string): void {
  const script = '<script type="module" src="./main.mjs"></script>';
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>App</title>${script}`);
}

const withEsbuild: Bundler = async ({ entry, target, folder }) => {
  const node = target === 'node';
  const { warnings } = await esbuild({
    entryPoints: [entry],
    outfile: join(folder, node ? 'main.cjs' : 'main.mjs'),
    bundle: true,
    minify: true,
    platform: target,
    // Axios's Node build requires Node's own modules, which an ES module of esbuild's cannot.
    format: node ? 'cjs' : 'esm',
    logLevel: 'silent',
  });
  if (!node) writePage(folder);
  return formatMessages(warnings, { kind: 'warning' });
};

const withRollup: Bundler = async ({ entry, target, folder }) => {
  const warnings: string[] = [];
  const browser = target === 'browser';
  const bundle = await rollup({
    input: entry,
    plugins: [nodeResolve({ browser, preferBuiltins: !browser }), commonjs(), json()],
    onLog: (level, { message }) => level === 'warn' && warnings.push(message),
  });
  await bundle.write({ file: join(folder, 'main.mjs'), format: 'es' });
  await bundle.close();
  if (browser) writePage(folder);
  return warnings;
};

const withVite: Bundler = async ({ entry, target, folder }) => {
  const warnings: string[] = [];
  const warn = (message: string): unknown => warnings.push(message);
  const root = dirname(entry);
  const page = join(root, 'index.html');
  if (target === 'browser') {
    const script = `<script type="module" src="./${basename(entry)}"></script>`;
    writeFileSync(page, `<!doctype html><title>App</title>${script}`);
  }
  await vite({
    root,
    configFile: false,
    base: './',
    customLogger: { ...createLogger('silent'), info: () => {}, warn, warnOnce: warn },
    build: {
      outDir: folder,
      emptyOutDir: false,
      ...(target === 'node' && {
        ssr: entry,
        rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
      }),
    },
    // Otherwise it leaves packages out of what runs in Node.
    ssr: { noExternal: true },
  });
  return warnings;
};

const withWebpack: Bundler = async ({ entry, target, folder }) => {
  const compiler = webpack({
    mode: 'production',
    entry,
    target: target === 'node' ? 'node' : 'web',
    output: { path: folder, filename: target === 'node' ? 'main.cjs' : 'main.mjs' },
  });
  const { warnings = [], errors = [] } = await new Promise<webpack.StatsCompilation>(
    (resolve, reject) => {
      compiler.run((error, stats) => {
        compiler.close(() => (stats ? resolve(stats.toJson()) : reject(error)));
      });
    },
  );
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  if (target === 'browser') writePage(folder);
  return warnings.map(({ message }) => message);
};

export const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: withEsbuild,
  Rollup: withRollup,
  Vite: withVite,
  webpack: withWebpack,
};

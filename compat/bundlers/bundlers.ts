// The bundlers, each with an app's usual configuration and nothing special for this package.
import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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
  /** Where the bundle goes: `main.mjs` or `main.cjs` for Node, `index.html` and its scripts for a browser. */
  readonly folder: string;
}

interface Bundle {
  readonly warnings: readonly string[];
  /** The paths of the modules whose code is in the bundle. */
  readonly modules: readonly string[];
}

/** Builds for production. */
export type Bundler = (job: Job) => Promise<Bundle>;

type Chunk = { readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>> };

/** The modules that Rollup and Rolldown list for their chunks. */
function modulesOf(output: readonly Chunk[]): string[] {
  return output.flatMap(({ modules = {} }) =>
    Object.keys(modules).filter((path) => (modules[path]?.renderedLength ?? 0) > 0),
  );
}

/** For bundlers that write scripts only. */
function writePage(folder: string): void {
  const script = '<script type="module" src="./main.mjs"></script>';
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>App</title>${script}`);
}

const withEsbuild: Bundler = async ({ entry, target, folder }) => {
  const node = target === 'node';
  const { warnings, metafile } = await esbuild({
    entryPoints: [entry],
    outfile: join(folder, node ? 'main.cjs' : 'main.mjs'),
    bundle: true,
    metafile: true,
    minify: true,
    platform: target,
    // Axios's Node build requires Node's modules, which an ES module from esbuild cannot do.
    format: node ? 'cjs' : 'esm',
    logLevel: 'silent',
    // Without compat/tsconfig.json, whose `paths` would resolve the package's name to src/.
    tsconfigRaw: '{}',
  });
  if (!node) writePage(folder);
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return {
    warnings: await formatMessages(warnings, { kind: 'warning' }),
    modules: inputs
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => resolve(path)),
  };
};

const withRollup: Bundler = async ({ entry, target, folder }) => {
  const warnings: string[] = [];
  const browser = target === 'browser';
  const bundle = await rollup({
    input: entry,
    plugins: [nodeResolve({ browser, preferBuiltins: !browser }), commonjs(), json()],
    onLog: (level, { message }) => level === 'warn' && warnings.push(message),
  });
  const { output } = await bundle.write({ file: join(folder, 'main.mjs'), format: 'es' });
  await bundle.close();
  if (browser) writePage(folder);
  return { warnings, modules: modulesOf(output as Chunk[]) };
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
  const built = await vite({
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
    // By default, Vite does not bundle packages for Node.
    ssr: { noExternal: true },
  });
  if (!('output' in built)) throw new Error('Vite built several bundles, or none.');
  return { warnings, modules: modulesOf(built.output as Chunk[]) };
};

const withWebpack: Bundler = async ({ entry, target, folder }) => {
  const compiler = webpack({
    mode: 'production',
    entry,
    target: target === 'node' ? 'node' : 'web',
    output: { path: folder, filename: target === 'node' ? 'main.cjs' : 'main.mjs' },
  });
  const stats = await new Promise<webpack.Stats>((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => (stats ? resolve(stats) : reject(error)));
    });
  });
  const {
    modules = [],
    warnings = [],
    errors = [],
  } = stats.toJson({
    all: false,
    warnings: true,
    errors: true,
    modules: true,
    nestedModules: true,
  });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  if (target === 'browser') writePage(folder);
  // webpack nests the modules that it concatenates in one.
  const paths = modules.flatMap((module) => [module, ...(module.modules ?? [])]);
  return {
    warnings: warnings.map(({ message }) => message),
    modules: paths.flatMap(({ nameForCondition }) => nameForCondition ?? []),
  };
};

export const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: withEsbuild,
  Rollup: withRollup,
  Vite: withVite,
  webpack: withWebpack,
};

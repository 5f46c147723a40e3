// Folders in which a version of Axios, the packed package and the suite are installed.
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unpackInto } from '../../scripts/install.mjs';
import { UNBUNDLED, versions } from './combinations.js';

const COMPAT = fileURLToPath(new URL('..', import.meta.url));
export const MODULES = join(COMPAT, 'node_modules');

/** Below compat/, so that its node_modules is found; one for each process, so that two can run at once. */
const WORK = join(COMPAT, '.work', String(process.pid));
process.once('exit', () => rmSync(WORK, { recursive: true, force: true }));

/** The folder in which one version of Axios is installed. */
export function folderOf(version: string): string {
  return join(WORK, version);
}

/** Without compat/tsconfig.json, whose `paths` would resolve the package's name to src/. */
const shared = { bundle: true, target: 'es2022', tsconfigRaw: '{}' } as const;

async function buildSuite(version: string): Promise<void> {
  const folder = folderOf(version);
  // A copy, so that its imports resolve in this folder.
  const suite = join(folder, 'suite');
  cpSync(join(COMPAT, 'suite'), suite, { recursive: true });
  for (const format of ['esm', 'cjs'] as const) {
    await build({
      ...shared,
      entryPoints: [join(suite, 'process.ts')],
      outfile: join(folder, format === 'esm' ? 'suite.mjs' : 'suite.cjs'),
      format,
      platform: 'node',
      packages: 'external',
    });
  }
  if (version === UNBUNDLED) return;
  // A page gets a bundle, with the browser builds of all packages.
  await build({
    ...shared,
    entryPoints: [join(suite, 'page.ts')],
    outfile: join(folder, 'page.js'),
    format: 'iife',
    platform: 'browser',
    alias: { 'node:assert/strict': './suite/assert.ts' },
    absWorkingDir: folder,
  });
}

/** Installs one version of Axios and the suite's other dependency, in a fresh folder. */
function install(folder: string, version: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(MODULES, `axios-${version}`), join(folder, 'node_modules/axios'));
  // A copy, so that it imports this Axios.
  const mock = 'node_modules/axios-mock-adapter';
  cpSync(join(COMPAT, mock), join(folder, mock), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
}

/** Makes a folder for each version, with the packed package and the suite. */
export async function prepare(chosen: readonly string[]): Promise<void> {
  for (const version of chosen) install(folderOf(version), version);
  unpackInto(chosen.map(folderOf));
  for (const version of chosen) await buildSuite(version);
}

/** Bundles a file of compat/ for a page, with the packed package and the newest Axios. */
export async function bundleForPage(path: string): Promise<string> {
  const folder = folderOf('page');
  install(folder, versions.at(-1) as string);
  unpackInto([folder]);
  cpSync(join(COMPAT, path), join(folder, 'page.ts'));
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [join(folder, 'page.ts')],
    format: 'iife',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

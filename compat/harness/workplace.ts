import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unpackInto } from '../../scripts/packed.mjs';
import { UNBUNDLED, versions } from './combinations.js';

const COMPAT = fileURLToPath(new URL('..', import.meta.url));
export const MODULES = join(COMPAT, 'node_modules');

/** Of this process, so that two at once do not meet. Here, where what is installed is found. */
const WORK = join(COMPAT, '.work', String(process.pid));
process.once('exit', () => rmSync(WORK, { recursive: true, force: true }));

/** The folder of somebody who has installed one version of Axios, and the suite in it. */
export function folderOf(version: string): string {
  return join(WORK, version);
}

async function buildSuite(version: string): Promise<void> {
  const folder = folderOf(version);
  // A copy of it, so that it finds what is installed there.
  const suite = join(folder, 'suite');
  cpSync(join(COMPAT, 'suite'), suite, { recursive: true });
  const shared = { bundle: true, target: 'es2022' };
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
  // A page gets what a bundler makes of it: the browser's builds.
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

/** Installs one version of Axios and what the suite takes beside it, in a fresh folder. */
function install(folder: string, version: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(MODULES, `axios-${version}`), join(folder, 'node_modules/axios'));
  // A copy, so that it finds this Axios.
  const mock = 'node_modules/axios-mock-adapter';
  cpSync(join(COMPAT, mock), join(folder, mock), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
}

/** Makes a folder for each version: that Axios, the package as it is packed now, and the suite. */
export async function prepare(chosen: readonly string[]): Promise<void> {
  for (const version of chosen) install(folderOf(version), version);
  unpackInto(chosen.map(folderOf));
  for (const version of chosen) await buildSuite(version);
}

/** A script for a page, from a file of this folder, with the packed package and the newest Axios. */
export async function bundleForPage(path: string): Promise<string> {
  const folder = folderOf('page');
  install(folder, versions.at(-1) as string);
  unpackInto([folder]);
  cpSync(join(COMPAT, path), join(folder, 'page.ts'));
  const { outputFiles } = await build({
    bundle: true,
    target: 'es2022',
    entryPoints: [join(folder, 'page.ts')],
    format: 'iife',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

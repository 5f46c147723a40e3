// The package as a user gets it: built, packed, and unpacked where somebody wants to use it.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Neither needed for a build nor part of the package. */
const NOT_COPIED = ['node_modules', '.git', '.work', 'dist', 'coverage', 'compat', '__tests__'];

/**
 * Builds and packs the package in a folder of its own, so that builds in the checkout do not matter. Where
 * `PACKED` is set, that is the tarball: CI makes it once.
 *
 * @param {string} output - The folder for the tarball.
 * @returns {string} Its path.
 */
function pack(output) {
  if (process.env.PACKED) return process.env.PACKED;
  const source = join(output, 'source');
  cpSync(ROOT, source, {
    recursive: true,
    // The root itself may have any name.
    filter: (path) => join(path) === join(ROOT) || !NOT_COPIED.includes(basename(path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  // Its prepack script builds.
  execFileSync('npm', ['pack', '--silent', '--pack-destination', output], { cwd: source });
  return join(output, String(readdirSync(output).find((name) => name.endsWith('.tgz'))));
}

/**
 * Builds and packs the package once, and unpacks it into each folder's `node_modules`.
 *
 * @param {readonly string[]} folders
 */
export function unpackInto(folders) {
  const output = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const tarball = pack(output);
    for (const folder of folders) {
      const target = join(folder, 'node_modules/axios-status-retry');
      const fresh = `${target}-${process.pid}`;
      mkdirSync(fresh, { recursive: true });
      execFileSync('tar', ['-xzf', tarball, '-C', fresh, '--strip-components=1']);
      rmSync(target, { recursive: true, force: true });
      renameSync(fresh, target);
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

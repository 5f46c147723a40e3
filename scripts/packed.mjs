// The package as a user gets it: built, packed, and unpacked where somebody wants to use it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds and packs the package once, and unpacks it into each folder's `node_modules`.
 *
 * @param {readonly string[]} folders
 */
export function unpackInto(folders) {
  const output = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    // Its prepack script builds.
    execFileSync('npm', ['pack', '--silent', '--pack-destination', output], { cwd: ROOT });
    const [tarball] = readdirSync(output);
    for (const folder of folders) {
      const target = join(folder, 'node_modules/axios-status-retry');
      rmSync(target, { recursive: true, force: true });
      mkdirSync(target, { recursive: true });
      const from = join(output, String(tarball));
      execFileSync('tar', ['-xzf', from, '-C', target, '--strip-components=1']);
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

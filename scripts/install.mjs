// node scripts/install.mjs FOLDER: installs what a folder of this repository has in a lockfile of its own,
// unless it is there already, and puts the package beside it as it is now, where the folder depends on it.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, unpackInto } from './packed.mjs';

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

for (const name of process.argv.slice(2)) {
  const folder = join(ROOT, name);
  const lock = join(folder, 'package-lock.json');
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // npm writes the second file at the end of each installation.
  if (changedAt(lock) > changedAt(join(folder, 'node_modules/.package-lock.json'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  if ('axios-status-retry' in dependencies) unpackInto([folder]);
}

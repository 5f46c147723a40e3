// node scripts/install.mjs FOLDER...: installs the dependencies of each folder, unless they are up to date. If the
// folder depends on this package, it gets the package as users do: built, packed and unpacked.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { name: NAME, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/**
 * Builds and packs in a copy, so that it neither meets nor changes a build in the checkout.
 *
 * @param folder - Where the copy goes; it is empty before.
 * @returns The path of the tarball.
 */
export function pack(folder) {
  const needed = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'src'];
  // The build makes the others.
  const packed = files.filter((name) => !/^(dist|src|errors)/.test(name));
  for (const name of [...needed, 'docs/reference/errors.md', ...packed]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const output = execFileSync('npm', ['pack', '--silent'], { cwd: folder, encoding: 'utf8' });
  return join(folder, output.trim().split('\n').at(-1));
}

/** Unpacks the package into each folder's `node_modules`; from the tarball `PACKED`, which CI sets, if there is one. */
export function unpackInto(folders) {
  const work = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const tarball = process.env.PACKED ?? pack(work);
    for (const folder of folders) {
      const target = join(folder, 'node_modules', NAME);
      const fresh = `${target}-${process.pid}`;
      mkdirSync(fresh, { recursive: true });
      execFileSync('tar', ['-xzf', tarball, '-C', fresh, '--strip-components=1']);
      rmSync(target, { recursive: true, force: true });
      renameSync(fresh, target);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** npm writes `.package-lock.json` at the end of each installation. */
function install(folder) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const installed = changedAt(join(folder, 'node_modules/.package-lock.json'));
  if (changedAt(join(folder, 'package-lock.json')) > installed) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  if (NAME in dependencies) unpackInto([folder]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2)) install(resolve(ROOT, folder));
}

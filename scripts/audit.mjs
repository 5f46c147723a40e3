// node scripts/audit.mjs [FOLDER]: npm audit --omit=dev of what a user installs, or of a folder with a
// lockfile. The package alone has no dependency, so npm would ask nothing; a user also has its peer, Axios.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} cwd
 * @param {string[]} args
 */
function npm(cwd, ...args) {
  const patience = ['--fetch-retries=0', '--fetch-timeout=20000'];
  return spawnSync('npm', [...args, ...patience], { cwd, encoding: 'utf8', timeout: 60_000 });
}

/** @param {string} folder */
function installAsUser(folder) {
  const file = fileURLToPath(new URL('../package.json', import.meta.url));
  const {
    dependencies = {},
    peerDependencies,
    devDependencies,
  } = JSON.parse(readFileSync(file, 'utf8'));
  const peers = Object.keys(peerDependencies).map((name) => [name, devDependencies[name]]);
  const user = { private: true, dependencies: { ...dependencies, ...Object.fromEntries(peers) } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(user));
  return npm(folder, 'install', '--package-lock-only', '--no-audit', '--no-fund');
}

/** @param {string} why */
function notChecked(why) {
  const [line = ''] = why.trim().split('\n');
  console.log(
    `npm audit: not checked, the registry did not answer (${line || 'it took too long'}).`,
  );
}

/** @param {string} folder */
function audit(folder) {
  const { stdout, stderr } = npm(folder, 'audit', '--omit=dev', '--json');
  const answer = stdout.startsWith('{') ? JSON.parse(stdout) : {};
  if (answer.auditReportVersion === undefined) {
    notChecked(answer.message ?? stderr);
    return;
  }
  const found = Object.values(answer.vulnerabilities);
  console.log(`npm audit --omit=dev: ${found.length} vulnerable of what a user installs.`);
  for (const { name, severity, range, via } of found) {
    const titles = via.map((cause) => cause.title ?? `by way of ${cause}`).join('; ');
    console.error(`${name} ${range}: ${severity}: ${titles}`);
  }
  if (found.length > 0) process.exitCode = 1;
}

const given = process.argv[2];
const folder = given ?? mkdtempSync(join(tmpdir(), 'audit-'));
try {
  const installed = given === undefined ? installAsUser(folder) : { status: 0, stderr: '' };
  if (installed.status === 0) audit(folder);
  else notChecked(installed.stderr ?? '');
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}

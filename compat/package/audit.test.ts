import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { ROOT } from '../../scripts/packed.mjs';
import { run } from './run.js';

const FLAW = {
  id: 1,
  url: 'https://example.com/1',
  title: 'Lets everybody in',
  severity: 'high',
  vulnerable_versions: '<2',
  cwe: [],
  cvss: { score: 7, vectorString: null },
};
const VERSION = { name: 'leaky', version: '1.0.0', dist: { tarball: 'https://example.com/l.tgz' } };
const PACKUMENT = { name: 'leaky', versions: { '1.0.0': VERSION }, 'dist-tags': {} };

const folder = mkdtempSync(join(tmpdir(), 'audited-'));
let server: Server | undefined;

before(() => {
  const user = { name: 'user', version: '1.0.0', dependencies: { leaky: '1.0.0' } };
  const packages = { '': user, 'node_modules/leaky': { version: '1.0.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(user));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'user', version: '1.0.0', lockfileVersion: 3, packages }),
  );
});

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

after(() => rmSync(folder, { recursive: true, force: true }));

function auditBy(registry: string, ...folders: string[]) {
  return run(process.execPath, [join(ROOT, 'scripts/audit.mjs'), ...folders], {
    ...process.env,
    npm_config_registry: registry,
  });
}

/** Audits by a registry that answers so; an answer that is a number is a status. */
async function audit(answer: number | object) {
  server = createServer((req, res) => {
    if (req.method === 'GET') res.end(JSON.stringify(PACKUMENT));
    else if (typeof answer === 'number') res.writeHead(answer).end();
    else res.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return auditBy(`http://127.0.0.1:${port}`, folder);
}

describe('npm run audit', () => {
  it('fails on what the registry knows to be vulnerable, and names it', async () => {
    const { code, output } = await audit({ leaky: [FLAW] });
    assert.equal(code, 1);
    assert.match(output, /leaky .*: high: Lets everybody in/);
  });

  it('passes when the registry knows of nothing', async () => {
    const { code, output } = await audit({});
    assert.equal(code, 0);
    assert.match(output, /: 0 vulnerable/);
  });

  it('says that nothing was checked when the registry does not answer', async () => {
    const { code, output } = await audit(405);
    assert.equal(code, 0);
    assert.match(output, /not checked, the registry did not answer \(405 /);
  });

  it('says so too when there is no registry', async () => {
    const { code, output } = await auditBy('http://127.0.0.1:2');
    assert.equal(code, 0);
    assert.match(output, /not checked, the registry did not answer/);
  });
});

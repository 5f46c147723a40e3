// publint and "Are the types wrong?" find nothing to complain about in the packed package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../scripts/install.mjs';
import { NAME, theConsumer } from './consumer.js';
import { run } from './run.js';

const MODULES = join(ROOT, 'compat/node_modules');

const table: Record<string, string>[] = [];
const { folder, installed, entries } = theConsumer();

after(() => console.table(table));

function publint(packed: string) {
  const args = [join(MODULES, 'publint/src/cli.js'), packed, '--pack', 'false', '--strict'];
  return run(process.execPath, args);
}

/** "Are the types wrong?" by every way to resolve types: node10, import and require in Node, bundlers. */
function attw(packed: string) {
  const tarball = `${packed}.tgz`;
  execFileSync('tar', ['-czf', tarball, '-C', dirname(packed), basename(packed)]);
  const cli = join(MODULES, '@arethetypeswrong/cli/dist/index.js');
  const options = ['--format', 'ascii', '--no-emoji', '--no-color'];
  return run(process.execPath, [cli, tarball, ...options]);
}

/** A copy of the package in which `require` gets the types of `import`. */
function withWrongTypes(): string {
  const wrong = join(folder, 'wrong');
  cpSync(installed, wrong, { recursive: true });
  const file = join(wrong, 'package.json');
  const manifest = readFileSync(file, 'utf8').replaceAll('cjs/index.d.ts', 'esm/index.d.ts');
  writeFileSync(file, manifest);
  return wrong;
}

describe('the packed package', () => {
  it('is clean by publint', async () => {
    const { code, output } = await publint(installed);
    assert.equal(code, 0, output);
    assert.match(output, /All good!/);
    table.push({ tool: 'publint --strict', of: NAME, says: 'All good!' });
  });

  it('has the right types for every entry, imported and required, by attw', async () => {
    const { code, output } = await attw(installed);
    assert.equal(code, 0, output);
    for (const entry of entries.keys()) {
      const [, said = ''] = output.split(`"${entry}"\n`);
      const resolutions = said.split('***')[0] ?? '';
      assert.match(resolutions, /node10: OK/, output);
      assert.match(resolutions, /from CJS\): OK \(CJS\)/, output);
      assert.match(resolutions, /from ESM\): OK \(ESM\)/, output);
      assert.match(resolutions, /bundler: OK/, output);
      table.push({ tool: 'attw', of: entry, says: 'node10, CJS, ESM, bundler' });
    }
  });

  it('would not be clean with the types of the other format', async () => {
    const wrong = withWrongTypes();
    const [byPublint, byAttw] = [await publint(wrong), await attw(wrong)];
    assert.equal(byPublint.code, 1, byPublint.output);
    assert.equal(byAttw.code, 1, byAttw.output);
    assert.match(byAttw.output, /Masquerading as ESM/);
  });
});

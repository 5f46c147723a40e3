import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../scripts/packed.mjs';
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

/** "Are the types wrong?" in Node's own resolution, from import and from require, and in bundlers'. */
function attw(packed: string) {
  const tarball = `${packed}.tgz`;
  execFileSync('tar', ['-czf', tarball, '-C', dirname(packed), basename(packed)]);
  const cli = join(MODULES, '@arethetypeswrong/cli/dist/index.js');
  const options = ['--profile', 'node16', '--format', 'ascii', '--no-emoji', '--no-color'];
  return run(process.execPath, [cli, tarball, ...options]);
}

/** The package, but what it is required by has the types of what it is imported by. */
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
      assert.match(resolutions, /from CJS\): OK \(CJS\)/, output);
      assert.match(resolutions, /from ESM\): OK \(ESM\)/, output);
      assert.match(resolutions, /bundler: OK/, output);
      table.push({ tool: 'attw --profile node16', of: entry, says: 'CJS, ESM, bundler' });
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

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from '../../scripts/packed.mjs';
import { run } from './run.js';

const MARKERS = '<!-- size: written by npm run size:write -->\n<!-- /size -->\n';

const folder = mkdtempSync(join(tmpdir(), 'sizes-'));
const readme = join(folder, 'README.md');

let written: string;

before(async () => {
  // Which build is measured does not matter here.
  if (!existsSync(join(ROOT, 'dist'))) execFileSync('npm', ['run', 'build'], { cwd: ROOT });
  writeFileSync(readme, `Before.\n\n${MARKERS}\nAfter.\n`);
  await sizes('--write');
  written = readFileSync(readme, 'utf8');
});

after(() => rmSync(folder, { recursive: true, force: true }));

function sizes(...args: string[]) {
  return run(process.execPath, [join(ROOT, 'scripts/size-readme.mjs'), ...args, readme]);
}

/** Makes the first size that the README shows larger by this factor. */
function enlarge(factor: number): void {
  const larger = (_: string, bytes: string): string =>
    `${Math.round(Number(bytes.replaceAll(',', '')) * factor)} B`;
  writeFileSync(readme, written.replace(/([\d,]+) B/, larger));
}

describe('the sizes in the README', () => {
  it('are written between their markers, and nothing else is touched', () => {
    assert.match(
      written,
      /^Before\.\n\n<!-- size: .*\n.*\n.*attachRetry.* B.*\n<!-- \/size -->\n\nAfter\.\n$/,
    );
  });

  it('pass as they were written, and within 1 % of it', async () => {
    assert.equal((await sizes()).code, 0);
    enlarge(1.009);
    assert.equal((await sizes()).code, 0);
  });

  it('fail when they are further off, with what was measured', async () => {
    enlarge(1.02);
    const { code, output } = await sizes();
    assert.equal(code, 1);
    assert.match(output, /npm run size:write/);
    assert.match(output, /measured:\n.*\n.*attachRetry/);
  });

  it('fail when one of them is missing', async () => {
    const text = written.replace(/, [^,]*`axios-status-retry\/testing`[^,]*/, '');
    writeFileSync(readme, text);
    assert.equal((await sizes()).code, 1);
  });

  it('fail without markers, and say what to put where', async () => {
    writeFileSync(readme, 'No place.\n');
    const { code, output } = await sizes();
    assert.equal(code, 1);
    assert.ok(output.includes(MARKERS), output);
  });
});

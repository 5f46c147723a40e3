import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { launchChromium } from './chromium.js';
import { runtimes } from './combinations.js';
import { MODULES } from './workplace.js';

/** What each runtime says that it is: `Node` → `20.20.2, 22.23.3, …`. */
export async function releasesOf(): Promise<Map<string, string>> {
  const releases = new Map<string, string>();
  for (const { kind, format, command } of runtimes) {
    if (command === undefined || format === 'cjs') continue;
    const output = execFileSync(join(MODULES, command[0]), ['--version'], { encoding: 'utf8' });
    const release = /\d+\.\d+\.\d+/.exec(output)?.[0] ?? output.trim();
    const name = kind.replace(/^./, (letter) => letter.toUpperCase());
    releases.set(name, [releases.get(name), release].filter(Boolean).join(', '));
  }
  const browser = await launchChromium();
  releases.set('Chromium', (await browser.version()).replace(/^.*\//, ''));
  await browser.close();
  return releases;
}

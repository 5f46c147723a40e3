import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import type { Browser } from 'puppeteer-core';
import { launch } from 'puppeteer-core';

/** Without these it asks for updates and calls home at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The real browser, from the npm registry alone, with a profile of its own that goes when it closes. */
export async function launchChromium(): Promise<Browser> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'chromium-'));
  const browser = await launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', ...QUIET],
    headless: 'shell',
    userDataDir,
  });
  browser.once('disconnected', () => rmSync(userDataDir, { recursive: true, force: true }));
  return browser;
}

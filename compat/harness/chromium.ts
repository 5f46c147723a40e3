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

/** The real browser, from the npm registry alone, with a fresh profile. */
export async function launchChromium(): Promise<Browser> {
  return launch({
    executablePath: await chromium.executablePath(),
    // CI runs as root, where Chromium has no sandbox.
    args: ['--no-sandbox', ...QUIET],
    headless: 'shell',
    // What a page may take for one answer to this program (ms).
    protocolTimeout: 180_000,
  });
}

// Runs a bundle, and returns what its app printed.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import type { ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { sendReply, startRoutes } from '../../__tests__/support/scripted-server.js';

/** Ten times what any run takes (ms). */
const TIMEOUT = 20_000;

/** Serves the folder, and `/flaky`, which fails once. */
function serve(folder: string): Promise<ScriptedServer> {
  return startRoutes({
    '/flaky': [503, { body: 'it works' }],
    '*': [
      (_req, res, { url }) => {
        const file = join(folder, url);
        const type = url.endsWith('.html') ? 'text/html' : 'text/javascript';
        if (!existsSync(file)) sendReply(res, 404);
        else res.writeHead(200, { 'Content-Type': type }).end(readFileSync(file));
      },
    ],
  });
}

export async function runInNode(folder: string): Promise<unknown> {
  const main = readdirSync(folder).find((name) => /^main\.[cm]js$/.test(name)) ?? '';
  const { url, close } = await serve(folder);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, main), url], {
      env: {},
      timeout: TIMEOUT,
    });
    return JSON.parse(stdout);
  } finally {
    await close();
  }
}

export async function runInChromium(browser: Browser, folder: string): Promise<unknown> {
  const { url, close } = await serve(folder);
  const page = await browser.newPage();
  try {
    const printed = new Promise<string>((resolve, reject) => {
      page.on('console', (message) => message.type() === 'log' && resolve(message.text()));
      page.on('pageerror', reject);
      const late = () => reject(new Error(`The page printed nothing within ${TIMEOUT} ms`));
      AbortSignal.timeout(TIMEOUT).addEventListener('abort', late);
    });
    const [text] = await Promise.all([printed, page.goto(`${url}/index.html`)]);
    return JSON.parse(text);
  } finally {
    await page.close();
    await close();
  }
}

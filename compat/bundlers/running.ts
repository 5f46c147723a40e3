// Runs what was built, and gives what the app printed.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';

/** Milliseconds. Nothing here takes a tenth of it. */
const PATIENCE = 20_000;

/** Serves the folder, and under `/flaky` first a 503, then a 200. */
async function serve(folder: string) {
  let asked = 0;
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    if (pathname === '/flaky') {
      asked += 1;
      res.writeHead(asked === 1 ? 503 : 200).end('it works');
      return;
    }
    const name = readdirSync(folder, { recursive: true }).find((file) => `/${file}` === pathname);
    if (name === undefined) {
      res.writeHead(404).end();
      return;
    }
    const type = pathname.endsWith('.html') ? 'text/html' : 'text/javascript';
    res.writeHead(200, { 'Content-Type': type }).end(readFileSync(join(folder, String(name))));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export async function runInNode(folder: string): Promise<unknown> {
  const main = readdirSync(folder).find((name) => /^main\.[cm]js$/.test(name)) ?? '';
  const { url, close } = await serve(folder);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, main), url], {
      env: {},
      timeout: PATIENCE,
    });
    return JSON.parse(stdout);
  } finally {
    close();
  }
}

export async function runInChromium(browser: Browser, folder: string): Promise<unknown> {
  const { url, close } = await serve(folder);
  const page = await browser.newPage();
  try {
    const printed = new Promise<string>((resolve, reject) => {
      page.on('console', (message) => message.type() === 'log' && resolve(message.text()));
      page.on('pageerror', reject);
      const late = () => reject(new Error(`The page printed nothing within ${PATIENCE} ms`));
      AbortSignal.timeout(PATIENCE).addEventListener('abort', late);
    });
    const [text] = await Promise.all([printed, page.goto(`${url}/index.html`)]);
    return JSON.parse(text);
  } finally {
    await page.close();
    close();
  }
}

// The browser, and the pages it opens.
import chromium from '@sparticuz/chromium';
import type { Browser } from 'puppeteer-core';
import { launch } from 'puppeteer-core';
import type { ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { sendReply, startServer } from '../../__tests__/support/scripted-server.js';

/** Without these it asks for updates and calls home at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts a Chromium that comes from the npm registry, with a fresh profile. */
export async function launchChromium(): Promise<Browser> {
  return launch({
    executablePath: await chromium.executablePath(),
    // CI runs as root, where Chromium has no sandbox.
    args: ['--no-sandbox', ...QUIET],
    headless: 'shell',
    // Time for a page to answer one question of this program (ms).
    protocolTimeout: 180_000,
  });
}

/**
 * Serves at each path an empty page with one script. Its URL says `localhost`, so that it is another
 * origin than a scripted server's `127.0.0.1`.
 */
export async function startPages(scriptOf: (path: string) => string): Promise<ScriptedServer> {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  const server = await startServer((_req, res, { url }) => {
    const path = url.slice(1);
    if (path === 'favicon.ico') sendReply(res, 204);
    else {
      const script = scriptOf(path).replaceAll('</script', '<\\/script');
      const body = `<!doctype html><title>${path}</title><script>${script}</script>`;
      sendReply(res, { headers, body });
    }
  });
  return { ...server, url: server.url.replace('127.0.0.1', 'localhost') };
}

// Serves the built site as a static host does: under its base path, and `/page` from `page.html`.
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** @param base - Begins and ends with a slash. */
export async function serveFolder(
  folder: string,
  base: string,
): Promise<{ url: string; close(): Promise<unknown> }> {
  function fileOf(path: string): string | undefined {
    if (!path.startsWith(base)) return undefined;
    const file = join(folder, path.slice(base.length));
    const candidates = [file, `${file}.html`, join(file, 'index.html')];
    return candidates.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const file = fileOf(decodeURIComponent(pathname));
    const found = file ?? join(folder, '404.html');
    const type = TYPES[extname(found)] ?? 'application/octet-stream';
    response.writeHead(file ? 200 : 404, { 'Content-Type': type });
    createReadStream(found).pipe(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

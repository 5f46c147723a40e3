import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pages {
  /** `http://localhost:<port>`: another origin than the scripted server's, which is 127.0.0.1. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves at each path an empty page with one script. */
export async function startPages(scriptOf: (path: string) => string): Promise<Pages> {
  const server = createServer((req, res) => {
    const path = req.url?.slice(1) ?? '';
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (path === 'favicon.ico') res.writeHead(204).end();
    else {
      const script = scriptOf(path).replaceAll('</script', '<\\/script');
      res.end(`<!doctype html><title>${path}</title><script>${script}</script>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

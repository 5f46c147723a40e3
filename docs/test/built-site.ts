// The site that `npm run docs:check` has built, on a server of its own.
import { fileURLToPath } from 'node:url';
import { serveFolder } from './static-server.js';

export const DIST = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url));

/** As on a host that gives each project a path. */
export const BASE = process.env.DOCS_BASE ?? '/';

export const serveSite = (): ReturnType<typeof serveFolder> => serveFolder(DIST, BASE);

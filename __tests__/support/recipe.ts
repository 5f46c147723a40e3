import type { AxiosInstance } from 'axios';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import type { TestClock } from '../../src/testing/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Routes, ScriptedServer } from './scripted-server.js';
import { startRoutes } from './scripted-server.js';
import { load, runSnippet, snippetsByHeading } from './snippets.js';

export interface Recipe<Exports> {
  /** What the snippet exports. */
  readonly exports: Exports;
  readonly printed: readonly string[];
}

/**
 * Runs the code under a heading of a page as it stands, on a clock.
 *
 * @param url - Stands for https://api.example.com.
 * @param options - Added to those of the snippet's `attachRetry`.
 */
export async function runRecipe<Exports>(
  page: string,
  heading: string,
  options: RetryOptions,
  url = 'https://api.example.com',
): Promise<Recipe<Exports>> {
  const snippets = snippetsByHeading(page).get(heading) ?? [];
  if (snippets.length !== 1) throw new Error(`${page} has no one snippet under "${heading}"`);
  const code = String(snippets[0]).replaceAll('https://api.example.com', url);
  const printed: string[] = [];
  const print = (...words: unknown[]): void => void printed.push(words.join(' '));
  const attach = (api: AxiosInstance, given: RetryOptions = {}) =>
    attachRetry(api, { ...given, ...options });
  const exports = await runSnippet<Exports>(code, {
    console: { log: print, warn: print, error: print },
    load: (name) =>
      name === 'axios-status-retry' ? { ...load(name), attachRetry: attach } : load(name),
  });
  return { exports, printed };
}

const servers: ScriptedServer[] = [];
// Jest runs this after each test of a file that imports this one.
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** Runs the code under a heading against a scripted server, on a test clock. */
export async function serveRecipe<Exports>(
  page: string,
  heading: string,
  routes: Routes,
  options: RetryOptions = {},
): Promise<Recipe<Exports> & { readonly server: ScriptedServer; readonly clock: TestClock }> {
  const server = await startRoutes(routes);
  servers.push(server);
  const clock = createTestClock();
  const recipe = await runRecipe<Exports>(page, heading, { clock, ...options }, server.url);
  return { ...recipe, server, clock };
}

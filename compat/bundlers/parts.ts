// Which parts of the package are in a bundle, by the modules that its bundler says it holds.
import { existsSync, readFileSync } from 'node:fs';
import type { Consumer } from '../package/consumer.js';
import { NAME } from '../package/consumer.js';

/** A bundle that needs it holds the core; Axios is the dependency, by its package name. */
export const CORE = 'core';
export const AXIOS = 'axios';

/** The sources of a built file, by its source map: `core/attach.ts`, … */
function sourcesOf(file: string): string[] {
  const map = `${file}.map`;
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.map((source) => source.replace(/^.*\bsrc\//, ''));
}

/** The core, Axios and the entries (`axios-status-retry/gate`) of which a bundle holds something. */
export function partsIn(modules: readonly string[], { installed, entries }: Consumer): string[] {
  const sources = modules.filter((file) => file.startsWith(installed)).flatMap(sourcesOf);
  const holds = (path: string) => sources.some((source) => source.startsWith(path));
  const extras = [...entries.keys()].filter((name) => name !== NAME);
  return [
    ...(holds('core/attach.ts') ? [CORE] : []),
    ...(modules.some((file) => /[\\/]node_modules[\\/]axios(-[\d.]+)?[\\/]/.test(file))
      ? [AXIOS]
      : []),
    ...extras.filter((name) => holds(`${name.slice(NAME.length + 1)}/`)),
  ];
}

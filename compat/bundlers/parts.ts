// Finds which parts of the package a bundle holds, from its bundler's list of modules.
import { existsSync, readFileSync } from 'node:fs';
import type { Consumer } from '../package/consumer.js';
import { NAME } from '../package/consumer.js';

export const CORE = 'core';
export const AXIOS = 'axios';
/** No further entry: the core is made of it. */
export const POLICY = `${NAME}/policy`;

/**
 * The sources of a built file (`core/attach.ts`, …), from its source map. The CommonJS build has none, but
 * the same files as the ES modules.
 */
function sourcesOf(file: string): string[] {
  const map = `${file.replace(/[\\/]cjs[\\/]/, '/esm/')}.map`;
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.map((source) => source.replace(/^.*\bsrc\//, ''));
}

/** Whether a bundle holds code of the core, of Axios, and of each further entry (`axios-status-retry/gate`). */
export function partsIn(modules: readonly string[], { installed, entries }: Consumer): string[] {
  const sources = modules.filter((file) => file.startsWith(installed)).flatMap(sourcesOf);
  const holds = (path: string) => sources.some((source) => source.startsWith(path));
  const extras = [...entries.keys()].filter((name) => name !== NAME && name !== POLICY);
  return [
    ...(holds('core/attach.ts') ? [CORE] : []),
    ...(modules.some((file) => /[\\/]node_modules[\\/]axios(-[\d.]+)?[\\/]/.test(file))
      ? [AXIOS]
      : []),
    ...extras.filter((name) => holds(`${name.slice(NAME.length + 1)}/`)),
  ];
}

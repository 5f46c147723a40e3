import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Consumer } from '../package/consumer.js';
import { NAME } from '../package/consumer.js';
import { phrasesFrom, without } from './phrases.js';

export const CORE = 'the core';
export const AXIOS = 'axios';

/** By part that a bundle may hold or not (the core, Axios, each further entry), the phrases it is known by. */
export type Parts = ReadonlyMap<string, readonly string[]>;

export function partsOf({ installed, entries }: Consumer): Parts {
  const core = phrasesFrom(entries.get(NAME) ?? '');
  const retryAfter = phrasesFrom(join(installed, 'dist/esm/retry-after.js'));
  const axios = phrasesFrom(fileURLToPath(import.meta.resolve('axios')));
  const extras = [...entries]
    .filter(([name]) => name !== NAME)
    .map(([name, file]) => [name, phrasesFrom(file)] as const);
  return new Map([
    [CORE, without(core, retryAfter, axios, ...extras.map(([, phrases]) => phrases))],
    [AXIOS, without(axios, core)],
    ...extras.map(([name, phrases]) => [name, without(phrases, core, axios)] as const),
  ]);
}

/** The parts of which anything is in what was built. */
export function partsIn(folder: string, parts: Parts): string[] {
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?js$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  return [...parts]
    .filter(([, phrases]) => phrases.some((phrase) => code.includes(phrase)))
    .map(([name]) => name);
}

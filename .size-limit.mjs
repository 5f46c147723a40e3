// What an app's bundle grows by, minified and gzipped, without Axios (a peer, so size-limit leaves it out).
// Each limit is 1 % above what was measured: what grows is seen, and raised here on purpose.
import { readFileSync } from 'node:fs';

/** @type {Record<string, Record<string, number>>} By entry: what is imported of it, and at most how many bytes. */
const LIMITS = {
  '.': { '{ attachRetry }': 10_700, '*': 12_160, '{ parseRetryAfter }': 861 },
  './gate': { '*': 5_850 },
  './deferral': { '*': 6_960 },
  './bullmq': { '*': 3_400 },
  './redis': { '*': 9_550 },
  './testing': { '*': 1_104 },
};

/** @type {{ name: string, exports: Record<string, { import: { default: string } }> }} */
const { name, exports } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);
const entries = Object.entries(exports).filter(([entry]) => !entry.endsWith('.json'));

export default entries.flatMap(([entry, { import: built }]) => {
  const limits = LIMITS[entry];
  if (limits === undefined) throw new Error(`.size-limit.mjs has no limit for the entry ${entry}`);
  return Object.entries(limits).map(([imported, limit]) => ({
    name: `\`${imported}\` from \`${name}${entry.slice(1)}\``,
    path: built.default,
    import: imported,
    limit: `${limit} B`,
    gzip: true,
  }));
});

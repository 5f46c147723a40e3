// Limits of what each import adds to an app's bundle, minified and gzipped; size-limit leaves out peers such as
// Axios. Each limit was 1 % above the size when it was set, so growth shows, and a limit is raised on purpose.
import { readFileSync } from 'node:fs';

/** @type {Record<string, Record<string, number>>} By entry and import, in bytes. */
const LIMITS = {
  '.': { '{ attachRetry }': 12_760, '*': 15_210, '{ parseRetryAfter }': 815 },
  './policy': { '*': 5_500, '{ decideRetry }': 3_090 },
  './hints': { '*': 4_880, '{ milliseconds }': 1_505 },
  './presets': { '*': 6_290, '{ github }': 5_370 },
  './gate': { '*': 9_385, '{ createGate }': 8_835 },
  './deferral': { '*': 7_575 },
  './bullmq': { '*': 3_660 },
  './redis': { '*': 18_105 },
  './axios-retry': { '*': 16_720 },
  './react': { '*': 765 },
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

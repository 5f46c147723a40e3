// Writes docs/proof.md from the figures of a full run.
import { readFileSync, writeFileSync } from 'node:fs';
import type { ProofPart, ProofResult } from './part.js';

const PAGE = new URL('../../docs/proof.md', import.meta.url);

export function writePage(results: ReadonlyMap<ProofPart, ProofResult>, seed: number): void {
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/axios/package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const day = new Date().toISOString().slice(0, 10);
  const sections = [...results].map(([{ title, about }, { figures }]) => {
    const rows = figures.map(([what, figure]) => `| ${what} | ${figure} |`);
    return [`## ${title}`, about, ['| | |', '|---|---|', ...rows].join('\n')].join('\n\n');
  });
  const head = `# How far the promises have been tried

\`npm run proof\` wrote this page on ${day}, with seed ${seed}, Axios ${version}, Node ${process.versions.node}. It found no broken promise;
each fault that an earlier run found has a test. \`npm run proof -- --seed ${seed}\` makes the same random choices again, and
\`npm run proof -- --quick\` does a little of each part.`;
  writeFileSync(PAGE, `${[head, ...sections].join('\n\n')}\n`);
}

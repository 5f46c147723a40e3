// Writes docs/internals/proof.md: each full run of a part replaces that part's section.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ProofPart, ProofResult } from './part.js';

const PAGE = new URL('../../docs/internals/proof.md', import.meta.url);

const HEAD = `# How far the promises have been tried

\`npm run proof\` tries to break the promises that this package makes, and writes this page: each part below with its day, its seed
and its figures. A part that is missing here has not had a full run without a failure yet. What the runs found is in the changelog.

\`\`\`sh
npm run proof                              # all parts, about an hour on two cores
npm run proof -- --only model --seed 11    # one part, with the random choices of that seed
npm run proof -- --quick                   # a little of each part, as CI does
\`\`\``;

/** The sections of the page as it is, by their headings. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const sections = page.split(/^(?=## )/m).slice(1);
  return new Map(sections.map((text) => [text.slice(3, text.indexOf('\n')), text.trim()]));
}

function sectionOf({ title, about }: ProofPart, { figures }: ProofResult, seed: number): string {
  const axios = new URL('../../node_modules/axios/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(axios, 'utf8')) as { version: string };
  const day = new Date().toISOString().slice(0, 10);
  const rows = figures.map(([what, figure]) => `| ${what} | ${figure} |`);
  return [
    `## ${title}`,
    about,
    `On ${day}, with seed ${seed}, Axios ${version} and Node ${process.versions.node}:`,
    ['| | |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

/**
 * Writes the section of one part, and keeps the others.
 *
 * @param parts - All parts, in the order of the page.
 */
export function writePage(
  parts: readonly ProofPart[],
  part: ProofPart,
  result: ProofResult,
  seed: number,
): void {
  const old = sectionsOf(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '');
  const sections = parts.map((one) =>
    one === part ? sectionOf(part, result, seed) : old.get(one.title),
  );
  const written = sections.filter((section) => section !== undefined);
  writeFileSync(PAGE, `${[HEAD, ...written].join('\n\n')}\n`);
}

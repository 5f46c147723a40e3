import type { Section } from '../tables.js';
import { asMarkdown } from '../tables.js';

/** A part of the document that a command writes. */
export type Part = 'gate-rules' | 'herd';

/**
 * A document with the lines between the two markers of a part.
 *
 * @throws {Error} When the markers are not there.
 */
export function withPart(document: string, part: Part, lines: readonly string[]): string {
  const begin = `<!-- written by npm run bench:${part} -- --write -->`;
  const end = `<!-- /bench:${part} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document has lost the markers of ${part}`);
  return `${document.slice(0, from)}${begin}\n\n${lines.join('\n')}\n${document.slice(to)}`;
}

/** The sections one level lower: they are under a heading of the document. */
export function sectionLines(sections: readonly Section[]): string[] {
  return sections.map((section) => `#${asMarkdown(section)}`);
}

import { readFileSync, writeFileSync } from 'node:fs';
import type { Part } from './parts.js';
import { withPart } from './parts.js';

const inDocs = (name: string) => new URL(`../../docs/${name}`, import.meta.url);
const DOCUMENT = 'gate-benchmark.md';
const CHART = 'gate-benchmark.svg';

/** Writes a part of docs/gate-benchmark.md. */
export function writePart(part: Part, lines: readonly string[]): void {
  const document = readFileSync(inDocs(DOCUMENT), 'utf8');
  writeFileSync(inDocs(DOCUMENT), withPart(document, part, lines));
}

/** Writes docs/gate-benchmark.svg. */
export function writeChart(svg: string): void {
  writeFileSync(inDocs(CHART), svg);
}

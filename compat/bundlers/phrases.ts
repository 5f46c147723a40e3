// What minifying leaves as it is: the phrases in a program. By them one knows a module in a bundle.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'acorn';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) if (isNode(child)) yield* nodesOf(child);
  }
}

function textOf({ type, value }: Node): string {
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type !== 'TemplateElement') return '';
  return (value as { cooked?: string }).cooked ?? '';
}

/** Of a text, what no minifier has to write otherwise and no other program says: more than a word. */
function phrases(text: string): string[] {
  return text
    .split(/[^ -~]|["'`\\]/)
    .filter((piece) => /\w.* .*\w/.test(piece) && piece.length >= 12);
}

/** The phrases in a file and in what it imports from its own package. */
export function phrasesFrom(file: string): Set<string> {
  const files = new Set([file]);
  const found = new Set<string>();
  // A set also gives what is added while it is read.
  for (const name of files) {
    const options = { ecmaVersion: 'latest', sourceType: 'module' } as const;
    for (const node of nodesOf(parse(readFileSync(name, 'utf8'), options) as unknown as Node)) {
      const from = isNode(node.source) ? textOf(node.source) : '';
      if (from.startsWith('.')) files.add(join(dirname(name), from));
      else for (const piece of phrases(textOf(node))) found.add(piece);
    }
  }
  return found;
}

/** Those that are in none of the others. */
export function without(
  phrases: ReadonlySet<string>,
  ...others: readonly ReadonlySet<string>[]
): string[] {
  const known = others.flatMap((other) => [...other]);
  return [...phrases].filter((phrase) => !known.some((other) => other.includes(phrase)));
}

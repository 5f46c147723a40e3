import { join } from 'node:path';
import {
  findCycle,
  importsOf,
  moduleState,
  notNamedExports,
  parse,
  parseFolder,
} from './support/source-graph.js';

// The layers of src/, as data. A file in none of the lists is core.
const ENTRY = 'index.ts';
/** Subpath entries: they may import the core, which never imports them. */
const EXTRAS = ['testing.ts', 'gate.ts', 'redis.ts', 'deferral.ts', 'bullmq.ts'];
/** Pure functions and data: at run time they load one another and nothing else. */
const LEAVES = [
  'describe.ts',
  'copy.ts',
  'status-table.ts',
  'backoff.ts',
  'http-date.ts',
  'retry-after.ts',
  'network.ts',
  'decision.ts',
];

const files = parseFolder(join(__dirname, '../src'));
const imports = new Map([...files].map(([name, file]) => [name, importsOf(file)]));
const loads = (name: string) =>
  (imports.get(name) ?? []).filter(({ typeOnly }) => !typeOnly).map(({ target }) => target);
const names = (name: string) => (imports.get(name) ?? []).map(({ target }) => target);
const importersOf = (target: string) =>
  [...files.keys()].filter((name) => names(name).includes(target));

describe('the imports of src/', () => {
  it('name only files that exist, and the layers do too', () => {
    const known = new Set([...files.keys(), 'axios']);
    const named = [...files.keys()].flatMap(names);
    const unknown = [ENTRY, ...EXTRAS, ...LEAVES, ...named].filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  it('have no cycle, not even of types', () => {
    const graph = new Map([...files.keys()].map((name) => [name, names(name)]));
    expect(findCycle(graph)).toBeUndefined();
  });

  it('load axios from exactly one file', () => {
    expect([...files.keys()].filter((name) => loads(name).includes('axios'))).toHaveLength(1);
  });

  it.each(LEAVES)('of the pure %s load pure files only', (leaf) => {
    expect(loads(leaf).filter((target) => !LEAVES.includes(target))).toEqual([]);
  });

  it('never name the entry', () => {
    expect(importersOf(ENTRY)).toEqual([]);
  });

  it.each(EXTRAS)('never name %s from the core', (extra) => {
    expect(importersOf(extra).filter((name) => !EXTRAS.includes(name))).toEqual([]);
  });
});

describe('src/', () => {
  it('has an entry that lists its exports by name and holds no logic', () => {
    const entry = files.get(ENTRY);
    expect(entry && notNamedExports(entry)).toEqual([]);
  });

  it.each([...files.keys()])('has no state at module level in %s', (name) => {
    const file = files.get(name);
    expect(file && moduleState(file)).toEqual([]);
  });
});

describe('these rules themselves', () => {
  it.each([
    ["import a from './a.js'", false],
    ["import './a.js'", false],
    ["import { type A } from './a.js'", false],
    ["export { a } from './a.js'", false],
    ["export * from './a.js'", false],
    ["import a = require('./a.js')", false],
    ["const a = () => import('./a.js')", false],
    ["const a = require('./a.js')", false],
    ["import type { A } from './a.js'", true],
    ["export type { A } from './a.js'", true],
    ["type A = import('./a.js').A", true],
  ])('see %s, type-only: %s', (text, typeOnly) => {
    expect(importsOf(parse(text))).toEqual([{ target: 'a.ts', typeOnly }]);
  });

  it('take `declare module` for no import', () => {
    expect(importsOf(parse("declare module 'axios' { interface A {} }"))).toEqual([]);
  });

  it('find a cycle', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', []],
      ['c', ['d']],
      ['d', ['b', 'c']],
    ]);
    expect(findCycle(graph)).toEqual(['c', 'd', 'c']);
  });

  it.each([
    "export * from './a.js'",
    "export * as a from './a.js'",
    'export { a }',
    'export const a = 1',
    "import './a.js'",
  ])('refuse %s in the entry', (text) => {
    expect(notNamedExports(parse(text))).toHaveLength(1);
  });

  it.each([
    'let a = 1',
    'export var a',
    'const a = new Map()',
    'export const a = { b: [new WeakMap<object, string>()] }',
    'if (true) { let a = 1 }',
    'class A { static a = 1 }',
    'class A { static readonly a = new Set() }',
    'class A { static { let a = 1 } }',
  ])('refuse %s at module level', (text) => {
    expect(moduleState(parse(text))).toHaveLength(1);
  });

  it.each([
    'const a = 1',
    'const a: ReadonlySet<string> = new Set(["GET"])',
    'const a = () => { let b = new Map(); return b }',
    'class A { a = new Map(); b() { let c = 1 } static readonly d = 1 }',
    'declare let a: number',
  ])('allow %s', (text) => {
    expect(moduleState(parse(text))).toEqual([]);
  });
});

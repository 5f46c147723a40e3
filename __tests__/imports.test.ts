import { basename, dirname, join } from 'node:path';
import {
  findCycle,
  folderGraph,
  importsOf,
  moduleState,
  notNamedExports,
  parse,
  parseFolder,
} from './support/source-graph.js';

const ROOT = join(__dirname, '..');

/** By folder of src/: the folders it may load, and those it may name in types as well. */
const ALLOWED: Record<string, { loads: string[]; types?: string[] }> = {
  util: { loads: [] },
  policy: { loads: ['util'] },
  wait: { loads: [], types: ['policy'] },
  request: { loads: ['util', 'policy'] },
  axios: { loads: ['request'], types: ['wait'] },
  core: { loads: ['util', 'policy', 'wait', 'request', 'axios'] },
  hints: { loads: ['util', 'policy'] },
  presets: { loads: ['policy', 'hints'], types: ['core', 'gate'] },
  gate: { loads: ['util', 'wait', 'request'], types: ['policy', 'core', 'hints'] },
  redis: { loads: ['util', 'gate'], types: ['core', 'hints', 'wait'] },
  deferral: {
    loads: ['util', 'wait', 'request', 'axios', 'core/report.ts'],
    types: ['policy', 'core'],
  },
  bullmq: { loads: ['util', 'deferral'], types: ['core'] },
  'axios-retry': {
    loads: ['util', 'policy', 'request', 'wait', 'axios', 'core'],
  },
  react: { loads: ['wait'], types: ['core'] },
  testing: { loads: ['util', 'wait'] },
  // The main entry.
  '.': { loads: ['policy', 'core'], types: ['wait'] },
};
const ENTRIES = [
  '',
  'policy/',
  'hints/',
  'presets/',
  'gate/',
  'redis/',
  'deferral/',
  'bullmq/',
  'axios-retry/',
  'react/',
  'testing/',
].map((folder) => `${folder}index.ts`);

const files = parseFolder(join(ROOT, 'src'));
const imports = new Map([...files].map(([name, file]) => [name, importsOf(file)]));
const importsIn = (folder: string) =>
  [...imports].flatMap(([from, found]) =>
    dirname(from) === folder ? found.map((one) => ({ from, ...one })) : [],
  );
const isOutside = (folder: string, target: string, allowed: readonly string[]) =>
  target.includes('/') &&
  ![folder, ...allowed].some((one) => target === one || target.startsWith(`${one}/`));

describe('the folders of src/', () => {
  it('are those of the table', () => {
    expect([...new Set([...files.keys()].map((name) => dirname(name)))].sort()).toEqual(
      Object.keys(ALLOWED).sort(),
    );
  });

  it.each(Object.entries(ALLOWED))('%s loads only what it may', (folder, { loads }) => {
    const loaded = importsIn(folder).filter(({ typeOnly }) => !typeOnly);
    expect(loaded.filter(({ target }) => isOutside(folder, target, loads))).toEqual([]);
  });

  it.each(Object.entries(ALLOWED))('%s names only types that it may', (folder, allowed) => {
    const { loads, types = [] } = allowed;
    const named = importsIn(folder);
    expect(named.filter(({ target }) => isOutside(folder, target, [...loads, ...types]))).toEqual(
      [],
    );
  });

  it('load axios from axios/ only', () => {
    const loading = [...imports].filter(([, found]) =>
      found.some(({ target, typeOnly }) => target === 'axios' && !typeOnly),
    );
    expect(loading.filter(([name]) => dirname(name) !== 'axios').map(([name]) => name)).toEqual([]);
  });

  it('have an index.ts exactly where there is an entry', () => {
    expect([...files.keys()].filter((name) => basename(name) === 'index.ts').sort()).toEqual(
      [...ENTRIES].sort(),
    );
  });

  it('never import an index.ts', () => {
    const named = [...imports.values()].flat().map(({ target }) => target);
    expect(named.filter((target) => basename(target) === 'index.ts')).toEqual([]);
  });
});

describe.each(['src', '__tests__', 'benchmarks', 'compat', 'examples', 'proof'])(
  'the files of %s/',
  (folder) => {
    const graph = new Map(
      [...parseFolder(join(ROOT, folder))].map(([name, file]) => [
        name,
        importsOf(file).map(({ target }) => target),
      ]),
    );

    it('import one another in no circle, not even by types', () => {
      expect(findCycle(graph)).toBeUndefined();
    });

    it('are in folders that import one another in no circle', () => {
      expect(findCycle(folderGraph(graph))).toBeUndefined();
    });
  },
);

describe('src/', () => {
  it.each(ENTRIES)('lists the exports of %s by name, without logic', (name) => {
    const entry = files.get(name);
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

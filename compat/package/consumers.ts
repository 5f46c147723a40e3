import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../scripts/packed.mjs';
import { NAME, theConsumer } from './consumer.js';
import { run } from './run.js';

const VERSIONS = ['5.4', '5.9', '6.0', '7.0'];
const NODE = { module: 'NodeNext', lib: ['ES2022'], types: ['node'] };
const BROWSER = { lib: ['ES2022', 'DOM'], types: [] };
/** What a consumer may be, and the ends of its files. */
const PROJECTS = [
  ['a Node project', ['mts', 'cts'], NODE],
  ['a browser project', ['mts', 'cts'], { module: 'NodeNext', ...BROWSER }],
  ['a bundled project', ['ts'], { module: 'ESNext', moduleResolution: 'Bundler', ...BROWSER }],
] as const;
const STRICT = {
  target: 'ES2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

const table: Record<string, string>[] = [];
const { folder, entries } = theConsumer();
const sources = new Map([...entries.keys()].map((entry) => [entry, sourceFor(entry)]));

after(() => console.table(table));

/** The consumer of an entry: `consumers/index.ts` of the first, `consumers/testing.ts` of `…/testing`. */
function sourceFor(entry: string): string {
  const file = `consumers/${entry.slice(NAME.length + 1) || 'index'}.ts`;
  const path = join(import.meta.dirname, file);
  assert.ok(existsSync(path), `${entry} has no consumer: write compat/package/${file}`);
  return readFileSync(path, 'utf8');
}

/** The names that the declarations of an entry export. */
function exportsOf(entry: string): string[] {
  const declarations = readFileSync((entries.get(entry) ?? '').replace(/\.js$/, '.d.ts'), 'utf8');
  const listed = [...declarations.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.replace(/.* as /, '').trim());
  const declared = [
    ...declarations.matchAll(
      /^export (?:declare )?(?:const|function|class|interface|type) (\w+)/gm,
    ),
  ].map(([, name = '']) => name);
  return [...listed, ...declared];
}

/** What the compiler says of a project with the consumers of all entries. */
async function compile(version: string, ends: readonly string[], options: object, change = '') {
  const project = mkdtempSync(join(folder, 'project-'));
  const files = [...sources].flatMap(([entry, source]) =>
    ends.map((end) => {
      const file = `${entry.replaceAll('/', '-')}.${end}`;
      writeFileSync(join(project, file), source + change);
      return file;
    }),
  );
  const config = { compilerOptions: { ...STRICT, ...options }, files };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, `compat/node_modules/typescript-${version}/bin/tsc`);
  return run(process.execPath, [tsc, '-p', project]);
}

describe('the consumers', () => {
  it('use every name of every entry', () => {
    for (const [entry, source] of sources) {
      const names = exportsOf(entry);
      assert.notEqual(names.length, 0, entry);
      const unused = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source));
      assert.deepEqual(unused, [], entry);
    }
  });
});

describe('strict code with every entry', { concurrency: availableParallelism() }, () => {
  for (const version of VERSIONS) {
    for (const [project, ends, options] of PROJECTS) {
      it(`compiles on TypeScript ${version} in ${project}`, async () => {
        const { code, output } = await compile(version, ends, options);
        assert.deepEqual({ code, output }, { code: 0, output: '' });
        const files = ends.map((end) => `.${end}`).join(' ');
        table.push({ typescript: version, in: project, files, entries: String(sources.size) });
      });
    }
  }

  it('does not compile with an option that there is not', async () => {
    const wrong = '\nattachRetry(axios, { tries: 3 });';
    const { code, output } = await compile('7.0', ['mts', 'cts'], NODE, wrong);
    assert.notEqual(code, 0);
    assert.match(output, /'tries' does not exist in type 'RetryOptions'/);
  });
});

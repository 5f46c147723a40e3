// A user's strict code compiles with the types of every entry, on each TypeScript and in each kind of project.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../scripts/install.mjs';
import { NAME, theConsumer } from './consumer.js';
import { run } from './run.js';

const VERSIONS = ['5.4', '5.9', '6.0', '7.0'] as const;
const NODE = { module: 'NodeNext', lib: ['ES2022'], types: ['node'] };
const BROWSER = { lib: ['ES2022', 'DOM'], types: [] };
/** It ignores `exports` and reads `typesVersions`; deprecated in TypeScript 6, gone in 7. */
const NODE10 = {
  module: 'CommonJS',
  moduleResolution: 'Node10',
  esModuleInterop: true,
  ...BROWSER,
};
/** The kinds of projects, and the extensions of their files. */
const PROJECTS = [
  ['a Node project', ['mts', 'cts'], NODE],
  ['a browser project', ['mts', 'cts'], { module: 'NodeNext', ...BROWSER }],
  ['a bundled project', ['ts'], { module: 'ESNext', moduleResolution: 'Bundler', ...BROWSER }],
  ['a project with moduleResolution node10', ['ts'], NODE10],
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
const otherAxios = readFileSync(join(import.meta.dirname, 'consumers/other-axios.ts'), 'utf8');

after(() => console.table(table));

/** The consumer of an entry: `consumers/index.ts` for the main one, `consumers/gate.ts` for `…/gate`. */
function sourceFor(entry: string): string {
  const file = `consumers/${entry.slice(NAME.length + 1) || 'index'}.ts`;
  const path = join(import.meta.dirname, file);
  assert.ok(existsSync(path), `${entry} has no consumer: write compat/package/${file}`);
  return readFileSync(path, 'utf8');
}

/**
 * The names that the declarations of an entry export; each index only lists names. A default export is used
 * by the name that it has in the package.
 */
function exportsOf(entry: string): string[] {
  const declarations = readFileSync((entries.get(entry) ?? '').replace(/\.js$/, '.d.ts'), 'utf8');
  return [...declarations.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim().replace(/ as default$/, ''));
}

/** Compiles a project with the consumers of all entries and of another Axios version. */
async function compile(version: string, ends: readonly string[], options: object, change = '') {
  const project = mkdtempSync(join(folder, 'project-'));
  const files = [...sources, ['other-axios', otherAxios] as const].flatMap(([entry, source]) =>
    ends.map((end) => {
      const file = `${entry.replaceAll('/', '-')}.${end}`;
      writeFileSync(join(project, file), source + (entry === NAME ? change : ''));
      return file;
    }),
  );
  const deprecated = version === '6.0' && { ignoreDeprecations: '6.0' };
  const config = { compilerOptions: { ...STRICT, ...options, ...deprecated }, files };
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
      if (options === NODE10 && version === '7.0') continue;
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

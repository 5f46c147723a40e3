// What a user gets: the package is packed, unpacked beside axios, and used from outside.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from './support/run.js';

const ROOT = join(__dirname, '..');
const NOT_COPIED = ['node_modules', '.work', '.git', 'dist', 'coverage'];
/** Files of a checkout that must stay there, some of which may not be in this one. */
const DECOYS = [
  '.env',
  'compat/decoy.ts',
  'docs/.env',
  'examples/.env',
  'examples/browser/App.tsx',
  'examples/browser/node_modules/decoy/index.js',
  'examples/demo/node_modules/decoy/index.js',
  'examples/frameworks/decoy.ts',
  'src/.env',
  'src/.npmrc',
];
/** All that may be packed. */
const EXPECTED = [
  /^(CHANGELOG\.md|LICENSE|README\.md|(package|retry-ticket\.schema)\.json)$/,
  /^dist\/(cjs|esm)\/[\w-]+\.(js|d\.ts)(\.map)?$/,
  /^dist\/cjs\/package\.json$/,
  /^docs\/(frameworks\/)?[\w-]+\.(md|svg)$/,
  /^examples\/(demo\/)?[\w-]+\.ts$/,
  /^src\/[\w-]+\.ts$/,
];
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY|_authToken|\b(npm_|gh[pousr]_)\w{36}|\bAKIA[A-Z\d]{16}\b/;

const folder = mkdtempSync(join(tmpdir(), 'axios-status-retry-'));
const source = join(folder, 'source');
const consumer = join(folder, 'consumer');
const installed = join(consumer, 'node_modules/axios-status-retry');
let packed: string[] = [];

beforeAll(async () => {
  // A copy, so that neither an earlier build nor one under way in the checkout matters.
  cpSync(ROOT, source, {
    recursive: true,
    // The root itself may have any name.
    filter: (path) => path === ROOT || !NOT_COPIED.includes(basename(path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  for (const decoy of DECOYS) {
    mkdirSync(join(source, decoy, '..'), { recursive: true });
    writeFileSync(join(source, decoy), '');
  }
  // Its prepack script builds.
  await run(source, 'npm', 'pack', '--offline', '--pack-destination', folder);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  const listed = (await run(folder, 'tar', '-tzf', tarball)).trim().split('\n');
  packed = listed.map((path) => path.replace(/^package\//, '')).sort();

  mkdirSync(installed, { recursive: true });
  await run(folder, 'tar', '-xzf', tarball, '-C', installed, '--strip-components=1');
  mkdirSync(join(consumer, 'node_modules/@types'));
  for (const name of ['axios', '@types/node']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(consumer, 'node_modules', name));
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of a folder with one of these ends, as they are named in the tarball. */
function filesOf(name: string, ...ends: string[]): string[] {
  return readdirSync(join(ROOT, name))
    .filter((file) => ends.some((end) => file.endsWith(end)))
    .map((file) => `${name}/${file}`)
    .sort();
}

/** What is packed of a folder, not of folders in it. */
function packedOf(name: string): string[] {
  return packed.filter((path) => dirname(path) === name);
}

describe('the tarball', () => {
  it('holds these files and folders at its top', () => {
    const tops = new Set(packed.map((path) => path.split('/')[0]));
    expect([...tops].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'docs',
      'examples',
      'package.json',
      'retry-ticket.schema.json',
      'src',
    ]);
  });

  it('holds every source, document and example of one file', () => {
    expect(packedOf('src')).toEqual(filesOf('src', '.ts'));
    expect(packedOf('docs')).toEqual(filesOf('docs', '.md', '.svg'));
    expect(packedOf('docs/frameworks')).toEqual(filesOf('docs/frameworks', '.md'));
    expect(packedOf('examples')).toEqual(filesOf('examples', '.ts'));
    expect(packedOf('examples/demo')).toEqual(filesOf('examples/demo', '.ts'));
  });

  it('holds each entry in both formats with its map, and the types of every source', () => {
    const sources = filesOf('src', '.ts').map((path) => basename(path, '.ts'));
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const entries = Object.keys(exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => (entry === '.' ? 'index' : entry.slice(2)));
    for (const format of ['cjs', 'esm']) {
      const built = packedOf(`dist/${format}`);
      const types = sources.flatMap((name) => [`${name}.d.ts`, `${name}.d.ts.map`]);
      expect(built.filter((path) => /\.d\.ts(\.map)?$/.test(path))).toEqual(
        types.map((name) => `dist/${format}/${name}`).sort(),
      );
      const code = built.filter((path) => /^[^.]+\.js$/.test(path));
      expect(built.filter((path) => path.endsWith('.js.map'))).toEqual(
        code.map((path) => `${path}.map`),
      );
      expect(code).toEqual(
        expect.arrayContaining(entries.map((name) => `dist/${format}/${name}.js`)),
      );
      if (format === 'cjs') expect(code).toHaveLength(entries.length);
    }
  });

  it('holds no test, no example with dependencies of its own, and nothing else', () => {
    expect(packed.filter((path) => !EXPECTED.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it('holds no secret and no path of this machine', () => {
    const told = packed.filter((path) => {
      const text = readFileSync(join(installed, path), 'utf8');
      return SECRET.test(text) || text.includes(ROOT) || text.includes(source);
    });
    expect(told).toEqual([]);
  });
});

describe('the installed package', () => {
  const program = `
    (async () => {
      let sends = 0;
      const adapter = async (config) => {
        sends += 1;
        const status = sends === 1 ? 503 : 200;
        return { status, statusText: '', headers: {}, data: '', config };
      };
      const api = axios.create({ adapter });
      const clock = createTestClock();
      attachRetry(api, { clock });
      const [response] = await Promise.all([api.get('/x'), clock.runAll()]);
      const row = [...platformStatusTable].find(({ code }) => code === 529);
      const retryAfter = parseRetryAfter('120', { receivedAt: 0 });
      console.log(JSON.stringify({ sends, status: response.status, retry: row.retry, retryAfter }));
    })();
  `;
  const output = { sends: 2, status: 200, retry: 'retry-after-or-backoff', retryAfter: 120_000 };

  it('retries when imported', async () => {
    const prelude = `
      import axios from 'axios';
      import { attachRetry, parseRetryAfter, platformStatusTable } from 'axios-status-retry';
      import { createTestClock } from 'axios-status-retry/testing';
    `;
    writeFileSync(join(consumer, 'program.mjs'), prelude + program);
    expect(JSON.parse(await run(consumer, process.execPath, 'program.mjs'))).toEqual(output);
  });

  it('retries when required', async () => {
    const prelude = `
      const axios = require('axios');
      const { attachRetry, parseRetryAfter, platformStatusTable } = require('axios-status-retry');
      const { createTestClock } = require('axios-status-retry/testing');
    `;
    writeFileSync(join(consumer, 'program.cjs'), prelude + program);
    expect(JSON.parse(await run(consumer, process.execPath, 'program.cjs'))).toEqual(output);
  });

  it.each([
    ['Node', { lib: ['ES2022'], types: ['node'] }],
    ['a browser', { lib: ['ES2022', 'DOM'], types: [] }],
  ])(
    'type-checks in strict ES module and CommonJS code for %s',
    async (_, platform) => {
      const code = `
      import axios from 'axios';
      import { attachRetry, parseRetryAfter, platformStatusTable } from 'axios-status-retry';
      import type { RetryHandle, RetryOptions } from 'axios-status-retry';
      import { createTestClock } from 'axios-status-retry/testing';

      const api = axios.create({ retry: { maxRetries: 1 } });
      const options: RetryOptions = { clock: createTestClock(), table: platformStatusTable };
      export const handle: RetryHandle = attachRetry(api, options);
      export const delay: number | undefined = parseRetryAfter('120', { receivedAt: 0 });
      export const calls = () => [
        api.get('/x', { retry: { maxRetries: 2 } }),
        api.get('/x', { retry: false }),
        // @ts-expect-error a misspelt option
        api.get('/x', { retry: { maxRetires: 2 } }),
        // @ts-expect-error a wrong value
        api.get('/x', { retry: true }),
      ];
    `;
      const plainAxios = `
      import { Axios } from 'axios';
      attachRetry(new Axios({}));
    `;
      const project = mkdtempSync(join(consumer, 'types-'));
      writeFileSync(join(project, 'code.mts'), code + plainAxios);
      // Axios's CommonJS types do not export the class.
      writeFileSync(join(project, 'code.cts'), code);
      const compilerOptions = {
        ...platform,
        target: 'ES2022',
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      };
      const files = ['code.mts', 'code.cts'];
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      expect(await run(project, process.execPath, tsc, '-p', '.')).toBe('');
    },
    60_000,
  );

  it.each([
    ['retryCount', 1_000],
    ['parseRetryAfter', 3_000],
    ['decideRetry', 7_000],
  ])('gives an app that uses %s no Axios, and no more than it uses', async (name, most) => {
    const app = `app-${name}.mjs`;
    writeFileSync(join(consumer, app), `export { ${name} } from 'axios-status-retry';`);
    const esbuild = join(ROOT, 'node_modules/esbuild/bin/esbuild');
    const bundle = await run(consumer, esbuild, app, '--bundle', '--minify', '--format=esm');
    expect(bundle).not.toMatch(/axios['"/]/);
    expect(bundle.length).toBeLessThan(most);
  });
});

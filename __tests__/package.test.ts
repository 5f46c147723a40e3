// What a user gets: the package is packed, unpacked beside axios, and used from outside.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './support/run.js';

const ROOT = join(__dirname, '..');
const NOT_COPIED = ['node_modules', '.git', 'dist', 'coverage'];

const folder = mkdtempSync(join(tmpdir(), 'axios-status-retry-'));
const source = join(folder, 'source');
const consumer = join(folder, 'consumer');
let packed: string[] = [];

beforeAll(async () => {
  // A copy, so that neither an earlier build nor one under way in the checkout matters.
  cpSync(ROOT, source, {
    recursive: true,
    filter: (path) => join(path, '..') !== ROOT || !NOT_COPIED.includes(basename(path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  // Its prepack script builds.
  await run(source, 'npm', 'pack', '--offline', '--pack-destination', folder);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  packed = (await run(folder, 'tar', '-tzf', tarball)).trim().split('\n');

  const installed = join(consumer, 'node_modules/axios-status-retry');
  mkdirSync(installed, { recursive: true });
  await run(folder, 'tar', '-xzf', tarball, '-C', installed, '--strip-components=1');
  mkdirSync(join(consumer, 'node_modules/@types'));
  for (const name of ['axios', '@types/node']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(consumer, 'node_modules', name));
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds the build, its sources and the documents, and nothing else', () => {
    const tops = new Set(packed.map((path) => path.split('/').slice(0, 2).join('/')));
    expect([...tops].sort()).toEqual([
      'package/CHANGELOG.md',
      'package/LICENSE',
      'package/README.md',
      'package/dist',
      'package/docs',
      'package/examples',
      'package/package.json',
      'package/src',
    ]);
    expect(packed.filter((path) => /test\.|__tests__|tsconfig|\.tsbuildinfo/.test(path))).toEqual(
      [],
    );
  });

  it.each(['index', 'testing'])('holds %s in both formats, with types and maps', (name) => {
    for (const format of ['esm', 'cjs']) {
      const built = ['js', 'd.ts', 'js.map', 'd.ts.map'].map(
        (end) => `package/dist/${format}/${name}.${end}`,
      );
      expect(packed).toEqual(expect.arrayContaining(built));
    }
    expect(packed).toContain(`package/src/${name}.ts`);
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

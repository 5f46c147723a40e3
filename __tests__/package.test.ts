// The package as a user gets it: packed, installed beside Axios, imported and required.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './support/run.js';

const ROOT = join(__dirname, '..');
const NAME = 'axios-status-retry';
/** Everything that may be packed. */
const EXPECTED = [
  /^(CHANGELOG\.md|LICENSE|README\.md|errors\.md|(package|retry-ticket\.schema)\.json)$/,
  /^dist\/(cjs|esm)\/([a-z-]+\/)?[\w-]+\.(js|js\.map|d\.ts)$/,
  /^dist\/cjs\/package\.json$/,
  /^src\/([a-z-]+\/)?[a-z.-]+\.ts$/,
];
const MAX_PACKED_BYTES = 300_000;

const consumer = mkdtempSync(join(tmpdir(), `${NAME}-`));
const installed = join(consumer, 'node_modules', NAME);
/** The files of the tarball, and its size. */
let packed: string[];
let size: number;

beforeAll(async () => {
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ dependencies: { [NAME]: '*' } }));
  mkdirSync(join(consumer, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/axios'), join(consumer, 'node_modules/axios'));
  await run(ROOT, process.execPath, 'scripts/install.mjs', consumer);
  const [tarball] = JSON.parse(
    await run(installed, 'npm', 'pack', '--dry-run', '--json', '--ignore-scripts'),
  );
  packed = tarball.files.map(({ path }: { path: string }) => path).sort();
  size = tarball.size;
});

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds every file that package.json names, and nothing unexpected', () => {
    const manifest = readFileSync(join(installed, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"\.\/(dist\/[^"]*)"/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(0);
    expect(packed).toEqual(expect.arrayContaining(named));
    expect(packed.filter((path) => !EXPECTED.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it('holds the source map of every ES module, and the sources that they name', () => {
    const scripts = packed.filter((path) => /^dist\/esm\/.*\.js$/.test(path));
    const missing = scripts.flatMap((path) => {
      const map = join(installed, `${path}.map`);
      if (!existsSync(map)) return map;
      const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
      return sources
        .map((source) => join(dirname(map), source))
        .filter((source) => !existsSync(source));
    });
    expect(scripts).not.toEqual([]);
    expect(missing).toEqual([]);
  });

  it('holds the page of errors, with links from the root of the repository', () => {
    expect(packed).toContain('errors.md');
    const page = readFileSync(join(installed, 'errors.md'), 'utf8');
    const links = [...page.matchAll(/\]\((?!#)([^)#]+)/g)].map(([, to]) => to ?? '');
    expect(links).toContain('docs/guides/tickets.md');
    expect(links.filter((to) => !existsSync(join(ROOT, to)))).toEqual([]);
  });

  it(`has at most ${MAX_PACKED_BYTES} bytes`, () => {
    expect(size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
  });

  it('names no path of the machine that packed it', () => {
    const read = (path: string) => readFileSync(join(installed, path), 'utf8');
    expect(packed.filter((path) => read(path).includes(ROOT))).toEqual([]);
  });
});

describe('the entry axios-status-retry/policy', () => {
  /** The files that a file reaches by its imports, itself too, and the packages that they name. */
  function reach(file: string): { files: string[]; packages: string[] } {
    const files = new Set([join(installed, file)]);
    const packages = new Set<string>();
    // The loop also visits what it adds to the set.
    for (const path of files) {
      const text = readFileSync(path, 'utf8');
      for (const [, name = ''] of text.matchAll(/(?:from|import|require)\s*\(?["']([^"']+)["']/g)) {
        const target = path.endsWith('.d.ts') ? name.replace(/\.js$/, '.d.ts') : name;
        if (name.startsWith('.')) files.add(join(dirname(path), target));
        else packages.add(name);
      }
    }
    return { files: [...files], packages: [...packages] };
  }

  it.each(['esm', 'cjs'])('names no package in its code or types: %s', (format) => {
    for (const end of ['js', 'd.ts']) {
      const { files, packages } = reach(`dist/${format}/policy/index.${end}`);
      expect(files.length).toBeGreaterThan(2);
      expect(packages).toEqual([]);
    }
    expect(reach(`dist/${format}/index.js`).packages).toEqual(['axios']);
  });

  it('decides where there is no Axios', async () => {
    const bare = mkdtempSync(join(tmpdir(), `${NAME}-bare-`));
    mkdirSync(join(bare, 'node_modules'));
    cpSync(installed, join(bare, 'node_modules', NAME), { recursive: true });
    const program = `
      const headers = ['Retry-After', '3', 'retry-after', '7'];
      console.log(JSON.stringify(decideRetry({ status: 429, headers, retryNumber: 1 })));
    `;
    const imported = `import { decideRetry } from '${NAME}/policy'; ${program}`;
    const required = `const { decideRetry } = require('${NAME}/policy'); ${program}`;
    writeFileSync(join(bare, 'program.mjs'), imported);
    writeFileSync(join(bare, 'program.cjs'), required);
    for (const file of ['program.mjs', 'program.cjs']) {
      expect(JSON.parse(await run(bare, process.execPath, file))).toEqual({
        retry: true,
        delay: 7000,
        basis: 'retry-after',
      });
    }
    rmSync(bare, { recursive: true, force: true });
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
      import { attachRetry, parseRetryAfter, platformStatusTable } from '${NAME}';
      import { createTestClock } from '${NAME}/testing';
    `;
    writeFileSync(join(consumer, 'program.mjs'), prelude + program);
    expect(JSON.parse(await run(consumer, process.execPath, 'program.mjs'))).toEqual(output);
  });

  it('retries when required', async () => {
    const prelude = `
      const axios = require('axios');
      const { attachRetry, parseRetryAfter, platformStatusTable } = require('${NAME}');
      const { createTestClock } = require('${NAME}/testing');
    `;
    writeFileSync(join(consumer, 'program.cjs'), prelude + program);
    expect(JSON.parse(await run(consumer, process.execPath, 'program.cjs'))).toEqual(output);
  });
});

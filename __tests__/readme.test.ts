// The README: its length, its links, and its snippets, which compile and run as they stand.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxiosAdapter } from 'axios';
import axios, { AxiosError } from 'axios';
import ts from 'typescript';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const PAGES = ['README.md', 'docs/gate.md', 'docs/guide.md', 'docs/parts.md', 'docs/tickets.md'];

/** The package's entries by the names that users import. */
const ENTRIES: Readonly<Record<string, string>> = {
  'axios-status-retry': 'src/index.ts',
  'axios-status-retry/policy': 'src/policy/index.ts',
  'axios-status-retry/gate': 'src/gate/index.ts',
  'axios-status-retry/deferral': 'src/deferral/index.ts',
  'axios-status-retry/bullmq': 'src/bullmq/index.ts',
  'axios-status-retry/redis': 'src/redis/index.ts',
  'axios-status-retry/testing': 'src/testing/index.ts',
};

function snippetsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '');
}

/** Compiles every snippet as a file of its own and returns the compiler's messages. */
function diagnose(): string[] {
  const files = new Map(
    PAGES.flatMap((page) =>
      snippetsOf(page).map((code, i) => {
        const name = `${page.replace(/\W/g, '-')}-snippet-${i + 1}.ts`;
        return [join(root, '__tests__', name), code] as const;
      }),
    ),
  );
  expect(files.size).toBeGreaterThan(10);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    skipLibCheck: true,
    types: ['node'],
    paths: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, path]) => [name, [join(root, path)]]),
    ),
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    return code === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))
    .map(({ file, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      return `${file?.fileName ?? ''}: ${text}`;
    });
}

/** A status, or a status with a Retry-After. */
type Answer = number | readonly [status: number, retryAfter: string];

/** An adapter that gives these answers in turn; the last one repeats. */
function scriptedAdapter(answers: readonly Answer[]): AxiosAdapter {
  let sent = 0;
  return async (config) => {
    const answer = answers[Math.min(sent++, answers.length - 1)] ?? 200;
    const [status, retryAfter] = typeof answer === 'number' ? [answer] : answer;
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const response = { status, statusText: '', headers, data: `body of ${config.url}`, config };
    if (status < 400) return response;
    throw new AxiosError(`status ${status}`, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
}

/** Runs a snippet on fake time, and returns what it prints and how long it takes, in milliseconds. */
async function run(code: string, answers: readonly Answer[]) {
  const printed: string[] = [];
  const print = (...words: unknown[]) => void printed.push(words.join(' '));
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const load = (name: string): unknown =>
    require(name in ENTRIES ? join(root, ENTRIES[name] ?? '') : name);
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  const program = new AsyncFunction('require', 'exports', 'console', outputText);

  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  jest.replaceProperty(axios.defaults, 'adapter', scriptedAdapter(answers));
  const start = Date.now();
  let took: number | undefined;
  const end = program(load, {}, { log: print, warn: print, error: print }).finally(() => {
    took = Date.now() - start;
  });
  end.catch(() => undefined); // The caller gets the error below.
  for (let step = 0; took === undefined && step < 5000; step++) {
    await jest.advanceTimersByTimeAsync(1000);
  }
  await end;
  return { printed, took };
}

describe('README', () => {
  it('has at most 200 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('has snippets that compile, as do the other pages', () => {
    expect(diagnose()).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = [...readme.matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:|#)([^)"#]+)/g)];
    expect(links.length).toBeGreaterThan(10);
    expect(links.map(([, to]) => to ?? '').filter((to) => !existsSync(join(root, to)))).toEqual([]);
  });
});

describe('a snippet that runs', () => {
  afterEach(() => jest.useRealTimers());

  it.each<[string, number, Answer[], string[], number]>([
    ['README.md', 0, [503, 503, [429, '120'], 200], ['body of /report'], 192_000],
    ['README.md', 1, [503], ['max-elapsed'], 584_000],
    ['README.md', 2, [[429, '30'], 200], ['1 waiting', '0 waiting'], 30_000],
    ['docs/guide.md', 0, [503, 200], ['/report: 503, retry 1 in 8000 ms'], 5000],
    ['docs/guide.md', 1, [503, 500, 200], ['503: again in 8000 ms', '500: again in 1000 ms'], 9000],
    // The test clock polls in real time while requests are under way.
    ['docs/guide.md', 2, [], ['200'], expect.any(Number)],
  ])('%s, snippet %i', async (page, index, answers, printed, took) => {
    const code = snippetsOf(page)[index] ?? '';
    expect(await run(code, answers)).toEqual({ printed, took });
  });

  it('is every snippet of the README and the guide', () => {
    expect(snippetsOf('README.md')).toHaveLength(3);
    expect(snippetsOf('docs/guide.md')).toHaveLength(3);
  });
});

// The code blocks of the README and of docs/: compiled and run as they stand.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '..', '..');

/** The package's entries by the names that users import. */
const ENTRIES: Readonly<Record<string, string>> = {
  'axios-status-retry': 'src/index.ts',
  'axios-status-retry/policy': 'src/policy/index.ts',
  'axios-status-retry/hints': 'src/hints/index.ts',
  'axios-status-retry/presets': 'src/presets/index.ts',
  'axios-status-retry/gate': 'src/gate/index.ts',
  'axios-status-retry/deferral': 'src/deferral/index.ts',
  'axios-status-retry/bullmq': 'src/bullmq/index.ts',
  'axios-status-retry/redis': 'src/redis/index.ts',
  'axios-status-retry/axios-retry': 'src/axios-retry/index.ts',
  'axios-status-retry/react': 'src/react/index.ts',
  'axios-status-retry/testing': 'src/testing/index.ts',
};

const pagesIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** Every page whose snippets must compile. */
export const PAGES: readonly string[] = [
  'README.md',
  'docs/index.md',
  'docs/learn.md',
  ...pagesIn('docs/guides'),
  ...pagesIn('docs/reference'),
];

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

export function snippetsOf(page: string): string[] {
  return [...textOf(page).matchAll(/```tsx?\n(.*?)```/gs)].map(([, code]) => code ?? '');
}

/** The file that a snippet is, if its first line says so: `// retry-toast.tsx: …`. */
export function fileNameOf(code: string): string | undefined {
  return /^\/\/ ([\w.-]+\.tsx?):/.exec(code)?.[1];
}

/** The headings of a page that have snippets under them, each with its snippets. */
export function snippetsByHeading(page: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let heading = '';
  for (const [, title, code] of textOf(page).matchAll(/^##+ ([^\n]*)$|```tsx?\n(.*?)```/gms)) {
    if (title !== undefined) heading = title;
    else found.set(heading, [...(found.get(heading) ?? []), code ?? '']);
  }
  return found;
}

/** Compiles every snippet as a file and returns the compiler's messages. */
export function diagnose(): string[] {
  const files = new Map([
    ...PAGES.flatMap((page) =>
      snippetsOf(page).map((code, i) => {
        const name = fileNameOf(code) ?? `${page.replace(/\W/g, '-')}-snippet-${i + 1}.tsx`;
        return [join(root, '__tests__', name), code] as const;
      }),
    ),
    // Of these pages only the snippets that are files: the others are parts.
    ...pagesIn('docs/guides/frameworks')
      .flatMap(snippetsOf)
      .flatMap((code) => {
        const name = fileNameOf(code);
        return name === undefined ? [] : [[join(root, '__tests__', name), code] as const];
      }),
  ]);
  expect(files.size).toBeGreaterThan(20);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    skipLibCheck: true,
    jsx: ts.JsxEmit.ReactJSX,
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

/** Loads what a snippet imports: the package from its sources, everything else from node_modules. */
export function load(name: string): object {
  return require(name in ENTRIES ? join(root, ENTRIES[name] ?? '') : name) as object;
}

export interface SnippetWorld {
  readonly console: Pick<Console, 'log' | 'warn' | 'error'>;
  readonly load: (name: string) => object;
}

/** Runs a snippet as a module, which may await at its top level. Resolves with its exports. */
export async function runSnippet<Exports = object>(
  code: string,
  world: SnippetWorld,
): Promise<Exports> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  const program = new AsyncFunction('require', 'exports', 'console', outputText);
  const exports = {};
  await program(world.load, exports, world.console);
  return exports as Exports;
}

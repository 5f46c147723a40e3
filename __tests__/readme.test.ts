import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const PAGES = ['README.md', 'docs/gate.md', 'docs/parts.md', 'docs/tickets.md'];

/** What the compiler says of the snippets, each a file of a user's, with the names of the package. */
function diagnose(): string[] {
  const snippets = PAGES.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code], i) => {
      const name = `${page.replace(/\W/g, '-')}-snippet-${i + 1}.ts`;
      return [join(root, '__tests__', name), code ?? ''] as const;
    });
  });
  expect(snippets.length).toBeGreaterThan(10);
  const files = new Map(snippets);
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
    paths: {
      'axios-status-retry': [join(root, 'src/index.ts')],
      'axios-status-retry/gate': [join(root, 'src/gate/index.ts')],
      'axios-status-retry/deferral': [join(root, 'src/deferral/index.ts')],
      'axios-status-retry/bullmq': [join(root, 'src/bullmq/index.ts')],
      'axios-status-retry/redis': [join(root, 'src/redis/index.ts')],
      'axios-status-retry/testing': [join(root, 'src/testing/index.ts')],
    },
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

describe('README', () => {
  it('is under 250 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(250);
  });

  it('has snippets that compile, as do the pages', () => {
    expect(diagnose()).toEqual([]);
  });

  it('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => to ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
  });
});

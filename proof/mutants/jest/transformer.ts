// Compiles as ts-jest does, but takes the sources that have mutants from the folder with switches.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

interface Options {
  readonly transformerConfig: {
    /** The folder with the sources that have switches. */
    readonly switched: string;
  };
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  jsx: ts.JsxEmit.ReactJSX,
  esModuleInterop: true,
  isolatedModules: true,
  inlineSourceMap: true,
};

/** The text to compile in place of the file's own. */
function sourceOf(text: string, path: string, { transformerConfig }: Options): string {
  const switched = join(transformerConfig.switched, relative(process.cwd(), path));
  return existsSync(switched) ? readFileSync(switched, 'utf8') : text;
}

export default {
  getCacheKey: (text: string, path: string, options: Options): string =>
    createHash('sha256')
      .update(sourceOf(text, path, options))
      .update(path)
      .digest('hex'),
  process(text: string, path: string, options: Options): { code: string } {
    const source = sourceOf(text, path, options);
    return { code: ts.transpileModule(source, { compilerOptions, fileName: path }).outputText };
  },
};

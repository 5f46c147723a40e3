// The files on a page of docs/, which name themselves in their first line: `// retry-toast.tsx: …`.
import ts from 'typescript';
import { fileNameOf, load, snippetsOf } from './snippets.js';

/** Loads a file of a page, and the files of the page that it imports, as Jest would. Returns its exports. */
export function loadPageFile<Exports = object>(page: string, file: string): Exports {
  const sources = new Map(snippetsOf(page).map((code) => [fileNameOf(code), code]));
  const loaded = new Map<string, object>();

  function loadFile(name: string): object {
    const code = sources.get(name);
    if (code === undefined) throw new Error(`${page} has no ${name}`);
    const known = loaded.get(name);
    if (known) return known;
    const exports = {};
    loaded.set(name, exports);
    const { outputText } = ts.transpileModule(code, {
      fileName: name,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        jsx: ts.JsxEmit.ReactJSX,
        esModuleInterop: true,
      },
    });
    new Function('require', 'exports', outputText)(resolve, exports);
    return exports;
  }

  function resolve(name: string): object {
    if (!name.startsWith('./')) return load(name);
    const end = ['.tsx', '.ts'].find((end) => sources.has(name.slice(2) + end));
    return loadFile(name.slice(2) + end);
  }

  return loadFile(file) as Exports;
}

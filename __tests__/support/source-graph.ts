import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One `import`, `export … from`, `import()` or `require()` of a source file. */
export interface Import {
  /** As written, but `./backoff.js` as `backoff.ts`. */
  readonly target: string;
  /** True when the compiler removes it, so that nothing is loaded at run time. */
  readonly typeOnly: boolean;
}

/** The source files of a folder by their path in it, parsed. */
export function parseFolder(folder: string): Map<string, ts.SourceFile> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => [name, parse(readFileSync(join(folder, name), 'utf8'), name)]),
  );
}

export function parse(text: string, name = 'example.ts'): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

/** Every module a file names, at any depth; `declare module 'x'` is not an import. */
export function importsOf(file: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean) => {
    if (node && ts.isStringLiteralLike(node)) {
      found.push({ target: resolve(file.fileName, node.text), typeOnly });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      // `import { type A }` is no type-only import: under verbatimModuleSyntax the module still loads.
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression, false);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && isModuleCall(node)) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isModuleCall({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return join(from, '..', specifier.replace(/\.js$/, '.ts'));
}

/** The first cycle of a graph, as the files in it with the first repeated, or undefined. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const cycle = walk(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const cycle = walk(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The same graph between folders; an arrow within a folder does not count. */
export function folderGraph(graph: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const folders = new Map<string, Set<string>>();
  for (const [name, targets] of graph) {
    const folder = dirname(name);
    const others = folders.get(folder) ?? new Set();
    folders.set(folder, others);
    for (const target of targets) {
      if (graph.has(target) && dirname(target) !== folder) others.add(dirname(target));
    }
  }
  return new Map([...folders].map(([folder, others]) => [folder, [...others]]));
}

/** The statements of a file that are not `export { names } from '…'`. */
export function notNamedExports(file: ts.SourceFile): string[] {
  return file.statements
    .filter((node) => !(ts.isExportDeclaration(node) && isNamedExportFrom(node)))
    .map((node) => node.getText());
}

function isNamedExportFrom({ exportClause, moduleSpecifier }: ts.ExportDeclaration): boolean {
  return (
    exportClause !== undefined && ts.isNamedExports(exportClause) && moduleSpecifier !== undefined
  );
}

const COLLECTIONS = ['Map', 'Set', 'WeakMap', 'WeakSet'];

/**
 * State that would live once for each copy of a module: module-level `let` and `var`, static
 * properties that are not readonly, and collections, unless the type says `ReadonlyMap` or `ReadonlySet`.
 */
export function moduleState(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    // What a function or an instance holds is made anew each time; an ambient declaration holds nothing.
    if (ts.isFunctionLike(node) || isInstanceProperty(node) || isAmbient(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.Const)) {
      found.push(node.getText());
      return;
    }
    if (ts.isPropertyDeclaration(node) && !has(node, ts.SyntaxKind.ReadonlyKeyword)) {
      found.push(node.getText());
      return;
    }
    if (ts.isVariableDeclaration(node) && /^Readonly(Map|Set)\b/.test(node.type?.getText() ?? '')) {
      return;
    }
    if (ts.isNewExpression(node) && COLLECTIONS.includes(node.expression.getText())) {
      found.push(node.getText());
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isInstanceProperty(node: ts.Node): boolean {
  return ts.isPropertyDeclaration(node) && !has(node, ts.SyntaxKind.StaticKeyword);
}

function isAmbient(node: ts.Node): boolean {
  return has(node, ts.SyntaxKind.DeclareKeyword);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

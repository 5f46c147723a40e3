// Every combination of runtime, Axios version and adapter that the suite is tried in, and the choice among them.
import type { AdapterName, Environment } from '../suite/environment.js';

export interface Runtime {
  readonly name: string;
  readonly title: string;
  readonly kind: Environment['runtime'];
  /** How the package is loaded. */
  readonly format: 'esm' | 'cjs';
  /** The program in `node_modules` and its arguments before the file; absent for a browser, which has a page. */
  readonly command?: readonly [program: string, ...args: string[]];
}

const node = (major: number, format: 'esm' | 'cjs' = 'esm'): Runtime => ({
  name: format === 'esm' ? `node-${major}` : `node-${major}-require`,
  title: format === 'esm' ? `Node ${major}` : `Node ${major}, \`require\``,
  kind: 'node',
  format,
  command: [`node-${major}/bin/node`],
});

export const runtimes: readonly Runtime[] = [
  node(20),
  node(20, 'cjs'),
  node(22),
  node(24),
  {
    name: 'bun',
    title: 'Bun',
    kind: 'bun',
    format: 'esm',
    command: ['@oven/bun-linux-x64/bin/bun', 'run'],
  },
  {
    name: 'deno',
    title: 'Deno',
    kind: 'deno',
    format: 'esm',
    command: ['@deno/linux-x64-glibc/deno', 'run', '-A', '--no-lock', '--node-modules-dir=manual'],
  },
  { name: 'chromium', title: 'Chromium', kind: 'chromium', format: 'esm' },
];

/** Each is installed under the name `axios-<version>`; the newest is last. */
export const versions: readonly string[] = [
  '1.2.0',
  '1.4.0',
  '1.6.0',
  '1.7.0',
  '1.8.0',
  '1.8.4',
  '1.12.0',
  '1.13.0',
  '1.18.0',
  '1.21.1',
];

export const adapters: readonly AdapterName[] = ['http', 'fetch', 'xhr', 'mock'];

/** esbuild cannot bundle this version of Axios for a page. */
export const UNBUNDLED = '1.8.0';

/** Why a combination does not exist; undefined where it does. */
export function impossible(
  adapter: AdapterName,
  version: string,
  { kind }: Runtime,
): string | undefined {
  const minor = Number(version.split('.')[1]);
  if (adapter === 'http' && kind === 'chromium') return 'a page has no http adapter';
  if (adapter === 'xhr' && kind !== 'chromium') return 'only browsers have XMLHttpRequest';
  if (adapter === 'fetch' && minor < 7) return 'Axios has no fetch adapter before 1.7.0';
  if (kind === 'chromium' && version === UNBUNDLED) {
    return "the browser build of Axios 1.8.0 imports Node's crypto, which esbuild refuses";
  }
  return undefined;
}

export interface Combination {
  readonly runtime: Runtime;
  readonly version: string;
  readonly adapter: AdapterName;
}

/**
 * The combinations that words such as `node-22`, `1.7.0` and `fetch` select, in any order; all of them
 * without a word.
 *
 * @throws {RangeError} When a word is unknown, and when no such combination exists.
 */
export function choose(words: readonly string[]): Combination[] {
  const all: readonly string[] = [...runtimes.map(({ name }) => name), ...versions, ...adapters];
  const unknown = words.filter((word) => !all.includes(word));
  if (unknown.length > 0) {
    throw new RangeError(
      `no runtime, version or adapter is named ${unknown.join(', ')}; there are ${all.join(', ')}`,
    );
  }
  const chosen = <T>(from: readonly T[], nameOf: (one: T) => string): readonly T[] => {
    const some = from.filter((one) => words.includes(nameOf(one)));
    return some.length > 0 ? some : from;
  };
  const combinations: Combination[] = [];
  const reasons: string[] = [];
  for (const runtime of chosen(runtimes, ({ name }) => name)) {
    for (const version of chosen(versions, String)) {
      for (const adapter of chosen(adapters, String)) {
        const reason = impossible(adapter, version, runtime);
        if (reason === undefined) combinations.push({ runtime, version, adapter });
        else reasons.push(`${runtime.name} ${version} ${adapter}: ${reason}`);
      }
    }
  }
  if (combinations.length === 0) throw new RangeError(reasons.join('\n'));
  return combinations;
}

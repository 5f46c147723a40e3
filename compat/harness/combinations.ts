import type { AdapterName, Environment } from '../suite/environment.js';

export interface Runtime {
  readonly name: string;
  readonly title: string;
  readonly kind: Environment['runtime'];
  /** How the package is loaded. */
  readonly format: 'esm' | 'cjs';
  /** The program in `node_modules`, and what it is told before the file; a browser has a page instead. */
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

/** Each is installed under the name `axios-<version>`. The last one is the newest. */
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

/** What Axios forgot in this one version. */
export const UNBUNDLED = '1.8.0';

/** Why there is no such combination; undefined where there is. */
export function impossible(
  adapter: AdapterName,
  version: string,
  { kind }: Runtime,
): string | undefined {
  const minor = Number(version.split('.')[1]);
  if (adapter === 'http' && kind === 'chromium') return 'a page has no http adapter';
  if (adapter === 'xhr' && kind !== 'chromium') return 'XMLHttpRequest is a browser’s';
  if (adapter === 'fetch' && minor < 7) return 'Axios has no fetch adapter before 1.7.0';
  if (kind === 'chromium' && version === UNBUNDLED) {
    return 'Axios 1.8.0 imports Node’s crypto in its browser build, which esbuild refuses';
  }
  return undefined;
}

import { readFileSync } from 'node:fs';
import { cpus, type } from 'node:os';
import type { Machine } from './results.js';

const PACKAGES = ['axios', 'axios-retry', 'retry-axios', 'tinybench', 'esbuild'];

export function describeMachine(): Machine {
  const all = cpus();
  const cpu = all[0]?.model.trim() ?? 'unknown';
  return { cpu, cores: all.length, node: process.version, os: `${type()} on ${process.arch}` };
}

/** The installed versions, our own first. */
export function readVersions(): Record<string, string> {
  const own = ['axios-status-retry', version('../package.json')] as const;
  return Object.fromEntries([
    own,
    ...PACKAGES.map((name) => [name, version(`../node_modules/${name}/package.json`)] as const),
  ]);
}

function version(path: string): string {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version;
}

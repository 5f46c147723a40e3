// A project that has installed the packed package.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, unpackInto } from '../../scripts/install.mjs';

export const NAME = 'axios-status-retry';

export interface Consumer {
  readonly folder: string;
  /** Where the package is installed. */
  readonly installed: string;
  /** The file of each entry for `import`, by the entry's name. */
  readonly entries: ReadonlyMap<string, string>;
}

let consumer: Consumer | undefined;

/**
 * The project of this process; it is removed when the process ends. Axios is installed in a folder above.
 */
export function theConsumer(): Consumer {
  consumer ??= createConsumer();
  return consumer;
}

function createConsumer(): Consumer {
  const work = join(ROOT, 'compat/.work');
  mkdirSync(work, { recursive: true });
  const folder = mkdtempSync(join(work, 'consumer-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  unpackInto([folder]);
  const installed = join(folder, 'node_modules', NAME);
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const entries = new Map<string, string>();
  for (const [entry, conditions] of Object.entries<{ import: { default: string } }>(exports)) {
    if (entry.endsWith('.json')) continue;
    entries.set(NAME + entry.slice(1), join(installed, conditions.import.default));
  }
  return { folder, installed, entries };
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** The time that a full garbage collection may take on a busy machine (ms). */
export const COLLECTING = 60_000;

async function collectAll(): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
}

/** How many objects survive garbage collection. */
export async function leftOf(refs: readonly WeakRef<object>[]): Promise<number> {
  await collectAll();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

/** How much the used heap grows during some work (bytes). */
export async function growthOf(work: () => unknown): Promise<number> {
  await collectAll();
  const before = process.memoryUsage().heapUsed;
  await work();
  await collectAll();
  return process.memoryUsage().heapUsed - before;
}

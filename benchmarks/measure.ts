import { measureEngine } from './engine.js';
import { measureHappy } from './happy.js';
import { measureImports } from './imports.js';
import { describeMachine, readVersions } from './machine.js';
import { measureRequests } from './requests.js';
import type { Results } from './results.js';
import { measureRetry } from './retry.js';
import type { Scale } from './scale.js';
import { measureSizes } from './sizes.js';
import { measureWaiting } from './waiting.js';

/**
 * Measures everything, one after the other.
 *
 * @param tell - Is told what comes next.
 */
export async function measure(scale: Scale, tell: (step: string) => void): Promise<Results> {
  const begun = performance.now();
  const step = <T>(name: string, run: () => T): T => {
    tell(name);
    return run();
  };
  const parts = {
    sizes: await step('size', measureSizes),
    imports: await step('import', () => measureImports(scale.imports)),
    happy: await step('happy path', () => measureHappy(scale.happy)),
    retry: await step('retry path', () => measureRetry(scale.retry)),
    engine: step('waits', () => measureEngine(scale.engine)),
    requests: await step('requests', () => measureRequests(scale.requests)),
    waiting: await measureWaiting(scale.waiting, scale.waitingRuns, scale.cap, tell),
  };
  return {
    scale: scale.name,
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - begun) / 1000,
    machine: describeMachine(),
    versions: readVersions(),
    ...parts,
  };
}

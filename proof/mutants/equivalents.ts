// Mutants that no test can kill, because they behave as the source does, each with the reason.
import { core } from './equivalents/core.js';
import { gate } from './equivalents/gate.js';
import { policy } from './equivalents/policy.js';
import { request } from './equivalents/request.js';
import { wait } from './equivalents/wait.js';
import type { Mutant } from './mutate.js';

export const equivalents = [...policy, ...wait, ...request, ...core, ...gate];

export function isListed(mutant: Mutant, list = equivalents): boolean {
  return list.some(
    ({ file, line = '', from, to }) =>
      mutant.file === file &&
      mutant.to === to &&
      mutant.lineText.includes(line) &&
      (from.endsWith('…') ? mutant.from.startsWith(from.slice(0, -1)) : mutant.from === from),
  );
}

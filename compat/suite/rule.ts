import type { Bed } from './bed.js';
import type { Environment } from './environment.js';

/** One sentence of the contract, and the check that it holds. */
export interface Rule {
  readonly name: string;
  /** Why the rule cannot be checked in an environment; undefined where it can. */
  unless?(environment: Environment): string | undefined;
  check(bed: Bed): Promise<void>;
}

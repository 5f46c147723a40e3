// The shape of a rule.

import type { Environment } from './environment.js';
import type { TestBed } from './test-bed.js';

/** One sentence of the contract, and the check that it holds. */
export interface Rule {
  readonly name: string;
  /** Why the rule cannot be checked in an environment; undefined where it can. */
  unless?(environment: Environment): string | undefined;
  check(bed: TestBed): Promise<void>;
}

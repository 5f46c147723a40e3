// What a preset consists of.
import type { RetryRequestOptions } from '../core/options.js';
import type { GateOptions } from '../gate/options.js';
import type { StatusTable } from '../policy/define-status-table.js';
import type { HintReader } from '../policy/hint.js';

/**
 * How one service wants to be retried, in four parts. `table`, `hints` and `decide` are options of
 * `attachRetry`, and `gate` holds those of `createGate`:
 *
 * ```ts
 * const { gate, ...policy } = github();
 * attachRetry(api, { ...policy, gate: createGate(gate) });
 * ```
 */
export interface RetryPreset {
  /** The option `table`. */
  readonly table: StatusTable;
  /** The option `hints`. */
  readonly hints: readonly HintReader[];
  /** The option `decide`, only where the service needs it. */
  readonly decide?: NonNullable<RetryRequestOptions['decide']>;
  /** The options of `createGate`. */
  readonly gate: GateOptions;
}

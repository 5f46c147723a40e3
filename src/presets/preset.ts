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
  readonly table: StatusTable;
  readonly hints: readonly HintReader[];
  /** Only where the service needs it. */
  readonly decide?: NonNullable<RetryRequestOptions['decide']>;
  readonly gate: GateOptions;
}

// What a run takes from the package. A planted bug replaces some of it.
import type { AxiosInstance } from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import { attachRetry, retryReport } from '../../src/index.js';

export interface Tools {
  readonly attachRetry: typeof attachRetry;
  readonly retryReport: typeof retryReport;
  readonly createGate: typeof createGate;
  readonly createDeferral: typeof createDeferral;
  /** Of a planted bug in an instance. */
  readonly prepare?: (api: AxiosInstance) => void;
}

export const TOOLS: Tools = { attachRetry, retryReport, createGate, createDeferral };

import { retryReport } from './state.js';
import type { RetryReport } from './types.js';

/**
 * The report of a request that will not be sent any more. Undefined where an error says nothing of that: a
 * hook's, an abort, no room in the line at a gate.
 */
export function verdictIn(error: unknown): RetryReport | undefined {
  const report = retryReport(error);
  const isFull = (error as { code?: unknown } | undefined)?.code === 'ERR_GATE_FULL';
  const isJudged = report?.gaveUp !== undefined && report.gaveUp !== 'canceled';
  return isJudged && !isFull ? report : undefined;
}

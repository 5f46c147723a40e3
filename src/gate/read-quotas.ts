// Reads the quotas of an answer with the readers of the option `quotas`.
import type { Quota, QuotaReader } from '../hints/quota.js';
import type { ServerAnswer } from '../policy/hint.js';
import { invalidResult, isNotNegative } from '../util/validate.js';

/** More quotas of one answer are not heeded. */
const MAX_QUOTAS = 16;

/**
 * What all readers say. A number below 0, or one that is none, counts as not told.
 *
 * @throws {TypeError} When a reader returns no array.
 */
export function readQuotas(
  readers: QuotaReader | readonly QuotaReader[],
  answer: ServerAnswer,
): Quota[] {
  return [readers].flat().flatMap((reader) => {
    const quotas: unknown = (reader as QuotaReader)(answer);
    if (quotas === undefined) return [];
    if (!Array.isArray(quotas)) {
      throw invalidResult('option "quotas"', 'an array of quotas', quotas);
    }
    return quotas.slice(0, MAX_QUOTAS).map(toQuota);
  });
}

function toQuota(told: Partial<Quota> | undefined): Quota {
  const { name, remaining, reset, limit, window, unit } = told ?? {};
  return {
    name: String(name),
    remaining: amountOf(remaining),
    reset: amountOf(reset),
    // A limit of 0 would never let anything through, and a window without a length never ends.
    limit: amountOf(limit) || undefined,
    window: amountOf(window, 1),
    unit,
  };
}

function amountOf(value: unknown, least = 0): number | undefined {
  const isAmount = isNotNegative(value) && value >= least && value <= Number.MAX_SAFE_INTEGER;
  return isAmount ? value : undefined;
}

import { Bed, LIMIT } from './bed.js';
import type { Environment } from './environment.js';
import { rules } from './rules.js';

/** What came of one rule. */
export interface Result {
  readonly rule: string;
  /** Why it could not be tried. */
  readonly unless?: string;
  /** What went wrong. */
  readonly error?: string;
}

function limited(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`took longer than ${LIMIT} ms`)), LIMIT);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * Tries every rule in turn. Never rejects.
 *
 * @param unhandled - Where the runtime's rejections go that nobody handles; there must be none.
 */
export async function run(environment: Environment, unhandled: unknown[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const rule of rules) {
    const unless = rule.unless?.(environment);
    if (unless !== undefined) {
      results.push({ rule: rule.name, unless });
      continue;
    }
    try {
      await limited(rule.check(new Bed(environment)));
      if (unhandled.length > 0) throw new Error(`left unhandled: ${textOf(unhandled.shift())}`);
      results.push({ rule: rule.name });
    } catch (error) {
      results.push({ rule: rule.name, error: textOf(error) });
    }
  }
  return results;
}

// Checks every rule in one environment.

import type { Environment } from './environment.js';
import { rules } from './rules.js';
import { LIMIT, TestBed } from './test-bed.js';

/** The result of one rule. */
export interface Result {
  readonly rule: string;
  /** Why the rule could not be checked. */
  readonly unless?: string;
  /** Why the rule does not hold. */
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
 * Checks every rule in turn. Never rejects.
 *
 * @param unhandled - Collects the runtime's unhandled rejections; any of them fails the rule.
 */
export async function run(environment: Environment, unhandled: unknown[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const rule of rules) {
    const unless = rule.unless?.(environment);
    if (unless !== undefined) {
      results.push({ rule: rule.name, unless });
      continue;
    }
    const errors = await limited(rule.check(new TestBed(environment))).then(
      (): string[] => [],
      (error: unknown) => [textOf(error)],
    );
    // Runtimes report unhandled rejections at the end of a turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    errors.push(...unhandled.splice(0).map((error) => `left unhandled: ${textOf(error)}`));
    results.push({ rule: rule.name, ...(errors.length > 0 && { error: errors.join('; ') }) });
  }
  return results;
}

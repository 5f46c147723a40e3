import type { AdapterName } from '../suite/environment.js';
import type { Runtime } from './combinations.js';
import { adapters, impossible, runtimes, versions } from './combinations.js';

export interface Combination {
  readonly runtime: Runtime;
  readonly version: string;
  readonly adapter: AdapterName;
}

/**
 * The combinations that words such as `node-22`, `1.7.0` and `fetch` leave, in any order; all without.
 *
 * @throws {RangeError} At a word that is none of these, and where there is no such combination.
 */
export function choose(words: readonly string[]): Combination[] {
  const all: readonly string[] = [...runtimes.map(({ name }) => name), ...versions, ...adapters];
  const unknown = words.filter((word) => !all.includes(word));
  if (unknown.length > 0) {
    throw new RangeError(
      `no runtime, version or adapter is named ${unknown.join(', ')}; there are ${all.join(', ')}`,
    );
  }
  const chosen = <T>(from: readonly T[], nameOf: (one: T) => string): readonly T[] => {
    const some = from.filter((one) => words.includes(nameOf(one)));
    return some.length > 0 ? some : from;
  };
  const combinations: Combination[] = [];
  const reasons: string[] = [];
  for (const runtime of chosen(runtimes, ({ name }) => name)) {
    for (const version of chosen(versions, String)) {
      for (const adapter of chosen(adapters, String)) {
        const reason = impossible(adapter, version, runtime);
        if (reason === undefined) combinations.push({ runtime, version, adapter });
        else reasons.push(`${runtime.name} ${version} ${adapter}: ${reason}`);
      }
    }
  }
  if (combinations.length === 0) throw new RangeError(reasons.join('\n'));
  return combinations;
}

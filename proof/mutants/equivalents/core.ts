// Mutants of src/core that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const core: readonly Equivalent[] = [
  {
    file: 'src/core/retry-loop.ts',
    from: 'this.#endWait?.(result)',
    to: 'this.#endWait(result)',
    why: 'it is set before a wait begins, and a wait ends once',
  },
  {
    file: 'src/core/retry-loop.ts',
    from: 'this.#outcome?.ok',
    to: 'this.#outcome.ok',
    why: 'an attempt has just failed, so there is an outcome',
  },
  {
    file: 'src/core/retry-loop.ts',
    from: 'policy.decide?.(decision, context)',
    to: 'policy.decide(decision, context)',
    why: 'it is asked only if there is one',
  },
  {
    file: 'src/core/retry-loop.ts',
    from: 'delay === undefined',
    to: 'false',
    why: 'the time is then NaN, which the report leaves out as it does undefined',
  },
  {
    file: 'src/core/retry-loop.ts',
    from: 'owner.deferral?.defer',
    to: 'owner.deferral.defer',
    why: 'without a deferral a wait longer than maxDelay has been refused before',
  },
  {
    file: 'src/core/retry-loop.ts',
    from: '!onRetry || !context',
    to: '!onRetry && !context',
    why: 'there is a context exactly if there is a hook',
  },
  {
    file: 'src/core/call.ts',
    line: 'this.#interceptors ?? []',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'no interceptor is equal to that text',
  },
  {
    file: 'src/core/call.ts',
    from: "'foreign'",
    to: '""',
    why: 'nobody asks for this kind: it is what is left',
  },
  {
    file: 'src/core/history.ts',
    line: 'const last = ',
    from: 'this.#attempts?.at',
    to: 'this.#attempts.at',
    why: 'a wait is decided after an attempt, which has been recorded',
  },
  {
    file: 'src/core/history.ts',
    from: 'last',
    to: 'true',
    why: 'a wait is decided after an attempt, which has been recorded',
  },
  {
    file: 'src/core/options.ts',
    line: 'readOptions(',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'it is the list of options that must be given, and no option has that name',
  },
];

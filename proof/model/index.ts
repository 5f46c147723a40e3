// The part `model`: random sequences, and an oracle that was written from the contract only.
import fc from 'fast-check';
import type { ProofPart } from '../report/part.js';
import { plan } from './arbitrary.js';
import { Figures, judge } from './judge.js';
import { MUTANTS } from './mutants.js';
import type { Tools } from './tools.js';
import { TOOLS } from './tools.js';

const SEQUENCES = 20_000;
const QUICK_MS = 40_000;
/** A planted bug is looked for in so many sequences. */
const MUTANT_SEQUENCES = 2000;

interface Search {
  readonly seed: number;
  readonly tools: Tools;
  readonly figures: Figures;
  readonly numRuns: number;
  readonly timeMs?: number;
  readonly endOnFailure?: boolean;
  readonly path?: string;
}

export function search({ tools, figures, timeMs, ...given }: Search) {
  const property = fc.asyncProperty(plan, async (one) => {
    const [problem] = await judge(one, tools, figures);
    if (problem !== undefined) throw new Error(problem);
  });
  return fc.check(property, {
    ...given,
    ...(timeMs !== undefined && { interruptAfterTimeLimit: timeMs }),
  });
}

export const model: ProofPart = {
  name: 'model',
  title: 'Random calls against the contract',
  about:
    'Random sequences of calls over several instances on one clock: options, methods, bodies, answers, network errors, ' +
    'aborts, hooks and interceptors that are slow or throw, a wall clock that is set, gates, budgets and tickets. An ' +
    'oracle, first written from the contract by somebody who had not read the code, says of each call when it is sent and ' +
    'how it ends. Where it and the package differed and the contract was silent, the oracle became a bound. At a gate, and ' +
    'where the wall clock is set, it knows bounds only. Bugs that are planted around the ' +
    'package show that it would see them. There is no network, and what the contract leaves open is accepted.',
  async run({ quick, seed }) {
    const figures = new Figures();
    const result = await search({
      seed,
      tools: TOOLS,
      figures,
      numRuns: SEQUENCES,
      ...(quick && { timeMs: QUICK_MS }),
    });
    const failures: string[] = [];
    if (result.failed)
      failures.push(
        `seed ${seed}, path ${result.counterexamplePath}: ${result.errorInstance}\n${JSON.stringify(result.counterexample)}`,
      );
    const names = Object.keys(MUTANTS);
    for (const name of names) {
      const tools = { ...TOOLS, ...MUTANTS[name] };
      const numRuns = MUTANT_SEQUENCES;
      const found = await search({
        seed,
        tools,
        figures: new Figures(),
        numRuns,
        endOnFailure: true,
      });
      if (!found.failed) failures.push(`a planted bug is not found: ${name}`);
    }
    const count = (value: number) => value.toLocaleString('en');
    return {
      figures: [
        ['sequences', count(figures.sequences)],
        ['calls', count(figures.calls)],
        ['attempts', count(figures.attempts)],
        ['waits', count(figures.waits)],
        ['waits whose end was known to the millisecond', count(figures.exactWaits)],
        ['waits at a gate', count(figures.gateWaits)],
        ['closings of a gate', count(figures.closings)],
        [
          'sends under a known rate, and under a quota that was told',
          `${count(figures.rates)}, ${count(figures.informedSends)}`,
        ],
        ['retries counted against a budget', count(figures.budgets)],
        ['aborts', count(figures.aborts)],
        ['hooks', count(figures.hooks)],
        ['tickets, of which resumed', `${count(figures.tickets)}, ${count(figures.resumed)}`],
        ['changes of the wall clock', count(figures.clockChanges)],
        [
          'planted bugs found',
          `${names.length - failures.filter((one) => one.startsWith('a planted')).length} of ${names.length}`,
        ],
      ],
      failures,
    };
  },
};

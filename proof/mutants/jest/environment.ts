// Node's test environment, which can run the tests of a file several times, each time with another mutant.
// Modules have no state (`__tests__/imports.test.ts`), so the next round finds them as new.
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import type { Round } from './job.js';
import type { Switches } from './switches.js';

type Block = Circus.DescribeBlock;

export default class MutantEnvironment extends TestEnvironment {
  readonly #rounds = new Map<Block, Round>();
  /** The tests that failed in a round: at the end they run without a mutant. */
  readonly #failed: string[] = [];
  /** The tests of the round; absent for all. */
  #only: ReadonlySet<string> | undefined;
  #errors = 0;

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    const switches = (this.global as unknown as { __stryker__: Switches }).__stryker__;
    if (event.name === 'run_start') this.#repeat(state.rootDescribeBlock, switches);
    const block = event.name.startsWith('run_describe') && (event as { describeBlock: Block });
    const round = block ? this.#rounds.get(block.describeBlock) : undefined;
    if (event.name === 'run_describe_start' && round) {
      switches.activeMutant = round.mutant || undefined;
      switches.hitCount = 0;
      switches.failed = undefined;
      this.#only = new Set(round.only);
      this.#errors = state.unhandledErrors.length;
    }
    if (event.name === 'test_start') {
      const name = fullName(event.test);
      if (switches.failed !== undefined || this.#only?.has(name) === false) {
        event.test.mode = 'skip';
      } else {
        switches.currentTestId = name;
        event.test.timeout = switches.timeout;
      }
    }
    if (event.name === 'test_done' && event.test.errors.length > 0) {
      switches.failed ??= fullName(event.test);
    }
    if (event.name === 'hook_failure') switches.failed ??= event.hook.type;
    if (event.name === 'run_describe_finish' && round) {
      if (state.unhandledErrors.length > this.#errors) switches.failed ??= 'an uncaught error';
      if (round.mutant !== '') {
        switches.onRound(round);
        if (switches.failed !== undefined) this.#failed.push(switches.failed);
      }
    }
  }

  /** Makes a copy of all tests for each round, and one without a mutant for the end. */
  #repeat(root: Block, { rounds }: Switches): void {
    if (rounds.length === 0) return;
    const { children } = root;
    const last: Round = { mutant: '', only: this.#failed };
    root.children = [...rounds, last].map((round) => {
      const block: Block = { ...root, children: [], hooks: [], name: ROUND, parent: root };
      block.children = children.map((child) => copy(child, block));
      this.#rounds.set(block, round);
      return block;
    });
  }
}

/** The name of a block that is one round. */
const ROUND = 'ROOT_DESCRIBE_BLOCK';

function copy(entry: Block | Circus.TestEntry, parent: Block): Block | Circus.TestEntry {
  if (entry.type === 'test') {
    return { ...entry, parent, errors: [], unhandledRejectionErrorByPromise: new Map() };
  }
  const block: Block = { ...entry, parent, children: [] };
  block.hooks = entry.hooks.map((hook) => ({ ...hook, parent: block }));
  block.children = entry.children.map((child) => copy(child, block));
  return block;
}

function fullName({ parent, name }: Circus.TestEntry | Block): string {
  return parent === undefined || parent.name === ROUND ? name : `${fullName(parent)} ${name}`;
}

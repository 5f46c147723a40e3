// Tests which races the options of the herd benchmark choose.
import type { Choice } from '../../../benchmarks/herd/selection.js';
import { chooseRaces } from '../../../benchmarks/herd/selection.js';

const BASE: Choice = { only: [], quick: false, fixed: false, requests: 2000 };

/** The races, as `limit processes contender`. */
function chosen(choice: Partial<Choice>): string[] {
  return chooseRaces({ ...BASE, ...choice }).map(
    ({ limit, processes, contender }) => `${limit} ${processes} ${contender}`,
  );
}

const limitsOf = (races: readonly string[]) => [
  ...new Set(races.map((race) => race.split(' ')[0])),
];

describe('the races of the herd benchmark', () => {
  it('are those at limits that take seconds, by default', () => {
    expect(limitsOf(chosen({}))).toEqual(['burst-10', 'burst-100', 'sliding-100-per-s']);
  });

  it('are at all limits with --fixed', () => {
    expect(limitsOf(chosen({ fixed: true }))).toHaveLength(7);
  });

  it('are only of our gates with --quick', () => {
    expect(chosen({ quick: true, only: ['burst-10'] })).toEqual([
      'burst-10 1 gate',
      'burst-10 1 gate+maxRate',
      'burst-10 4 gate',
      'burst-10 4 gate+maxRate',
      'burst-10 4 redis-gate',
      'burst-10 4 redis-gate+maxRate',
    ]);
  });

  it('are at the named limits, of the named contenders', () => {
    expect(chosen({ only: ['fixed', 'gate', 'p-queue'] })).toEqual([
      'fixed 1 gate',
      'fixed 1 p-queue',
      'fixed 4 gate',
      'fixed 4 p-queue',
    ]);
  });

  it('are found by a part of a name, where no name is the word', () => {
    expect(chosen({ only: ['quota', 'maxRate'] })).toEqual([
      'quota-1000-per-min 1 gate+quotas',
      'quota-1000-per-min 1 gate+maxRate',
      'quota-1000-per-min 4 gate+quotas',
      'quota-1000-per-min 4 gate+maxRate',
      'quota-1000-per-min 4 redis-gate+quotas',
      'quota-1000-per-min 4 redis-gate+maxRate',
      'quota-1000-per-min-draft-6 1 gate+quotas',
      'quota-1000-per-min-draft-6 4 gate+quotas',
      'quota-1000-per-min-draft-6 4 redis-gate+quotas',
    ]);
  });

  it('share no Redis with one process', () => {
    expect(chosen({ fixed: true }).filter((race) => / 1 .*redis/.test(race))).toEqual([]);
  });

  it('refuse a word that is in no name', () => {
    expect(() => chosen({ only: ['gates'] })).toThrow(
      /gates is in no name; the names are burst-10,/,
    );
  });
});

import { FixedWindow, limitOf, TokenBucket } from '../../benchmarks/herd/limits.js';
import { seeded } from '../../benchmarks/herd/random.js';
import type { RuleRow } from '../../benchmarks/herd/rule-results.js';
import { ruleSections } from '../../benchmarks/herd/rule-sections.js';
import { OUR_RULE, rules } from '../../benchmarks/herd/rules.js';
import type { Outcome } from '../../benchmarks/herd/simulation.js';
import { simulate } from '../../benchmarks/herd/simulation.js';
import { VirtualTime } from '../../benchmarks/herd/virtual-time.js';

function outcome(name: string, requests = 300, seed = 1): Outcome {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(name);
  return simulate(rule, { limiter: new TokenBucket(100, 10), requests, roundTrip: 5, seed });
}

describe('random numbers', () => {
  it('are the same for the same seed, from 0 to 1 and spread', () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, seeded(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const sum = draw(3).reduce((total, value) => total + value, 0);
    expect(sum / 1000).toBeCloseTo(0.5, 1);
    expect(Math.min(...draw(3))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draw(3))).toBeLessThan(1);
  });
});

describe('virtual time', () => {
  it('goes from event to event in order', () => {
    const time = new VirtualTime();
    const seen: [string, number][] = [];
    time.after(20, () => seen.push(['b', time.now]));
    time.after(10, () => {
      seen.push(['a', time.now]);
      time.after(5, () => seen.push(['between', time.now]));
    });
    time.run(() => false);
    expect(seen).toEqual([
      ['a', 10],
      ['between', 15],
      ['b', 20],
    ]);
  });

  it('stops when it is told to', () => {
    const time = new VirtualTime();
    let runs = 0;
    const again = () => {
      runs += 1;
      time.after(1, again);
    };
    again();
    time.run(() => runs === 5);
    expect(runs).toBe(5);
  });
});

describe('a simulation', () => {
  it('is the same each time', () => {
    expect(outcome(OUR_RULE)).toEqual(outcome(OUR_RULE));
    expect(outcome(OUR_RULE, 300, 2)).not.toEqual(outcome(OUR_RULE));
  });

  it.each(rules.map(({ name }) => name))('accounts for every request: %s', (name) => {
    const { sends, successes, failures, seconds } = outcome(name);
    expect(successes + failures).toBe(300);
    expect(sends).toBeGreaterThanOrEqual(300);
    expect(seconds).toBeGreaterThan((successes - 10) / 100);
  });

  it('fails what was refused more often than it may be retried', () => {
    const { failures } = outcome('plain Retry-After, 5 retries', 2000);
    expect(failures).toBeGreaterThan(1000);
  });

  it('sends once what is never refused', () => {
    for (const rule of rules) {
      const limiter = new FixedWindow(1000, 60_000);
      const { sends, successes } = simulate(rule, {
        limiter,
        requests: 500,
        roundTrip: 50,
        seed: 1,
      });
      expect([sends, successes]).toEqual([500, 500]);
    }
  });
});

describe('the tables of the rules', () => {
  const cells = [5, 50].map((roundTrip) => ({
    roundTrip,
    sends: [1, 1.06],
    times: [1.2, 1.3],
    failures: 0,
  }));
  const rows: RuleRow[] = [
    { rule: OUR_RULE, limit: limitOf('burst-10'), cells },
    { rule: 'another', limit: limitOf('burst-100'), cells },
  ];
  const raised = [
    { rule: OUR_RULE, found: [1, 3] },
    { rule: 'another', found: [2, Number.POSITIVE_INFINITY] },
  ];
  const sections = ruleSections(rows, raised);

  it('give the mean and the worst run', () => {
    expect(sections[0]?.rows).toEqual([
      [OUR_RULE, '1.03 (1.06)', '1.03 (1.06)', '1.25 (1.30)', '1.25 (1.30)', '0, 0'],
    ]);
  });

  it('say which rule did not find the raised limit', () => {
    expect(sections[3]?.rows).toEqual([
      [OUR_RULE, '2.0 s', '3.0 s'],
      ['another', 'not in 60 s', 'not in 60 s'],
    ]);
  });

  it('hold our rule to the bars by its worst run', () => {
    expect(sections[4]?.rows).toEqual([
      [limitOf('burst-10').label, '1.06', '≤ 1.10', '1.30', '≤ 1.25', 'no'],
    ]);
  });
});

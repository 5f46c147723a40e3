// Tests that a simulated herd is repeatable and loses no request.
import { FixedWindow, TokenBucket } from '../../../benchmarks/herd/limits.js';
import { rules } from '../../../benchmarks/herd/rules.js';
import type { Outcome } from '../../../benchmarks/herd/simulation.js';
import { simulate } from '../../../benchmarks/herd/simulation.js';
import { seeded, VirtualTime } from '../../../benchmarks/herd/virtual-time.js';

const GATE = "this package's gate";

function run(name: string, requests = 300, seed = 1): Outcome {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(name);
  return simulate(rule, { limit: new TokenBucket(100, 10), requests, roundTripMs: 5, seed });
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
  it('runs events in order', () => {
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

  it('stops when isOver returns true', () => {
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
  it('has the same outcome every time', () => {
    expect(run(GATE)).toEqual(run(GATE));
    expect(run(GATE, 300, 2)).not.toEqual(run(GATE));
  });

  it.each(rules.map(({ name }) => name))('accounts for every request: %s', (name) => {
    const { sends, successes, failures, seconds } = run(name);
    expect(successes + failures).toBe(300);
    expect(sends).toBeGreaterThanOrEqual(300);
    expect(seconds).toBeGreaterThan((successes - 10) / 100);
  });

  it('fails requests whose retries are used up', () => {
    expect(run('bare Retry-After, 5 retries', 2000).failures).toBeGreaterThan(1000);
  });

  it('sends a request once when it is accepted', () => {
    for (const rule of rules) {
      const limit = new FixedWindow(1000, 60_000);
      const { sends, successes } = simulate(rule, {
        limit,
        requests: 500,
        roundTripMs: 50,
        seed: 1,
      });
      expect([sends, successes]).toEqual([500, 500]);
    }
  });
});

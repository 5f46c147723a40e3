// The machine's clock set forth and back, and a process that stands still, in real time.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ProofPart, ProofResult } from '../report/part.js';
import type { Disturbance } from '../soak/transport.js';
import { soakTransport } from '../soak/transport.js';
import { createSettableClock } from './faketime.js';
import type { Arrival, Run, Scenario } from './scenario.js';
import { runScenario } from './scenario.js';

const HOUR = 3_600_000;
/** By contract: how much longer a wait may be for a clock that was set back. */
const LATE_MS = 15_000;
/** For what a busy machine takes, and for the rounding of two clocks. */
const SLACK_MS = 3000;
const ROUNDING_MS = 2;
/** For what a busy machine takes to read an answer. */
const READING_MS = 1000;

/** When a request may arrive, in milliseconds after the answer before it. */
type Window = readonly [earliest: number, latest: number];

interface Case {
  readonly scenario: Scenario;
  /** @param since - From the moment when the child was ready to the answer before the request. */
  window(since: number): Window;
  /** Whether the wall clock was left alone, so that it proves something too. */
  readonly isSteady?: boolean;
}

/** In which case a wait goes on while the process is stopped. */
function stopped(wait: number, from: number, to: number): Case {
  const waitMs = wait * 1000;
  return {
    isSteady: true,
    scenario: {
      name: `stopped (SIGSTOP) for ${(to - from) / 1000} s`,
      wait,
      steps: [
        [from, (child) => child.kill('SIGSTOP')],
        [to, (child) => child.kill('SIGCONT')],
      ],
    },
    window(since) {
      // An answer that comes meanwhile, or shortly before, is read afterwards.
      const isRead = since < from - READING_MS;
      const latest = isRead ? Math.max(waitMs, to - since) : waitMs + Math.max(to - since, 0);
      return [waitMs, latest];
    },
  };
}

/** Cases in which the clock is set `at` milliseconds after the child is ready; none without faketime. */
function clockCases(wait: number, at: number): Case[] {
  const waitMs = wait * 1000;
  const make = (
    name: string,
    steps: (clock: NonNullable<ReturnType<typeof createSettableClock>>) => Scenario['steps'],
    window: Case['window'],
  ): Case[] => {
    const clock = createSettableClock();
    return clock ? [{ scenario: { name, wait, steps: steps(clock), env: clock.env }, window }] : [];
  };
  /** A timer runs for an eighth of the time to go, but for a second at least. */
  const soon = (since: number): number => at - since + Math.max(waitMs / 8, 1000);
  // What begins after the step has nothing to notice.
  const isBefore = (since: number): boolean => since < at;
  return [
    ...make(
      'set an hour forward',
      (clock) => [[at, () => clock.setOff(HOUR)]],
      (since) =>
        isBefore(since)
          ? [Math.min(at - since, waitMs), Math.min(soon(since), waitMs)]
          : [waitMs, waitMs],
    ),
    ...make(
      'set an hour back',
      (clock) => [[at, () => clock.setOff(-HOUR)]],
      () => [waitMs, waitMs + LATE_MS],
    ),
    ...make(
      'set an hour forward, and back after 200 ms',
      (clock) => [
        [at, () => clock.setOff(HOUR)],
        [at + 200, () => clock.setOff(0)],
      ],
      (since) => [isBefore(since) ? Math.min(at - since, waitMs) : waitMs, waitMs + LATE_MS],
    ),
    ...make(
      'standing still',
      (clock) => [[at, () => clock.stop()]],
      () => [waitMs, waitMs + LATE_MS],
    ),
  ];
}

/** How many requests each path gets. */
const REQUESTS: Readonly<Record<string, number>> = {
  ...{
    '/ready': 1,
    '/wait': 2,
    '/date': 2,
    '/slow': 2,
    '/gate': 2,
    '/behind': 1,
    '/never': 1,
    '/resume': 1,
  },
};

/** The broken promises of a run, and the longest delay beyond its wait. */
function judge(
  { scenario, window, isSteady = false }: Case,
  run: Run,
): { failures: string[]; late: number } {
  const failures: string[] = [];
  const waitMs = scenario.wait * 1000;
  let late = 0;
  const fail = (text: string): void =>
    void failures.push(`${scenario.name}, ${scenario.wait} s: ${text}`);
  const check = (what: string, passed: number, since: number, wallPassed = passed): void => {
    const [earliest, latest] = window(since);
    late = Math.max(late, passed - Math.min(latest, waitMs));
    const least = isSteady ? Math.min(passed, wallPassed) : passed;
    if (least < earliest - ROUNDING_MS) fail(`${what} came ${earliest - least} ms early`);
    if (passed > latest + SLACK_MS) fail(`${what} came ${passed - latest} ms late`);
  };
  const isJudged = ({ path, index }: Arrival): boolean =>
    index > 0 || path === '/resume' || path === '/behind';
  for (const arrival of run.arrivals.filter(isJudged)) {
    const { path, after, at } = arrival;
    const since = after.real - run.ready.real;
    check(path, at.real - after.real, since, at.wall - after.wall);
  }
  const timeout = run.told.get('timeout');
  const begun = run.arrivals[0]?.at ?? run.ready;
  if (timeout)
    check('the end of totalTimeout', timeout.real - begun.real, 0, timeout.wall - begun.wall);
  for (const [path, expected] of Object.entries(REQUESTS)) {
    const got = run.arrivals.filter((arrival) => arrival.path === path).length;
    if (got !== expected) fail(`${path} was sent ${got} times, not ${expected}`);
  }
  if (!run.told.has('end')) fail(`did not end: ${[...run.told.keys()].join(', ')}`);
  return { failures, late };
}

/** The calls of a soak whose client's clock is set back again and again, or that is stopped as often. */
const SOAKS: readonly [what: string, make: () => Disturbance | undefined][] = [
  [
    'with its clock set ten minutes back, each second',
    () => {
      const clock = createSettableClock();
      let off = 0;
      const step = (): void => {
        off -= 600_000;
        clock?.setOff(off);
      };
      return clock && { env: clock.env, every: 1000, step };
    },
  ],
  [
    'stopped for 200 ms, each second',
    () => ({
      every: 1000,
      step(client) {
        client.stand(true);
        setTimeout(() => client.stand(false), 200);
      },
    }),
  ],
];

async function soak(seed: number, calls: number): Promise<ProofResult> {
  const figures: (readonly [string, string])[] = [];
  const failures: string[] = [];
  for (const [what, make] of SOAKS) {
    const disturbance = make();
    if (!disturbance) continue;
    const size = { warmUp: calls / 2, batch: calls / 2, batches: 1 };
    const result = await soakTransport('http', seed, size, disturbance);
    const [count = ['', '']] = result.figures;
    figures.push([`a soak over http, ${what}: calls`, count[1]]);
    failures.push(...result.failures.slice(0, 10).map((failure) => `soak ${what}: ${failure}`));
  }
  return { figures, failures };
}

async function bundle(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'proof-time-')), 'child.cjs');
  const entry = fileURLToPath(new URL('child.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

export const time: ProofPart = {
  name: 'time',
  title: 'A clock that is set, and a process that stands still',
  about: `In real time, over loopback, against a server whose clock is not changed: a process waits by Retry-After (seconds and a
date), at a gate, for a deferral's ticket and for \`totalTimeout\`, while its wall clock is set by libfaketime, or while it is
stopped and continued; and the calls of the soak over http are made while the clock is set back, or the process is stopped, again
and again. Nothing is sent early, by either clock if nobody sets one; a clock set forward counts as time passed, and one set back
adds at most 15 s; after a stop, what is due is sent at once, and once. It cannot show a machine that sleeps, whose timers stand
still while its clock runs: tests with a skewed clock do.`,
  async run({ quick, seed }) {
    const script = await bundle();
    const steady: Case = {
      isSteady: true,
      scenario: { name: 'left alone', wait: 3, steps: [] },
      window: () => [3000, 3000],
    };
    const rounds: Case[][] = [[steady, stopped(3, 1500, 4500), ...clockCases(3, 1000)]];
    if (!quick) {
      rounds.push([stopped(6, 2000, 5000), stopped(1, 1800, 4800), ...clockCases(3, 2000)]);
      rounds.push([stopped(12, 1500, 11_500), ...clockCases(12, 4000)]);
      rounds.push([...clockCases(12, 11_000), ...clockCases(4, 3500)]);
    }
    const failures: string[] = [];
    const late = new Map<string, number>();
    let runs = 0;
    for (const round of rounds) {
      // At once, because they only wait.
      const results = await Promise.all(
        round.map(async (one) => ({ one, run: await runScenario(script, one.scenario) })),
      );
      for (const { one, run } of results) {
        runs += 1;
        const { name } = one.scenario;
        const judged = judge(one, run);
        failures.push(...judged.failures);
        late.set(name, Math.max(late.get(name) ?? 0, judged.late));
      }
    }
    const soaked = await soak(seed, quick ? 1000 : 20_000);
    failures.push(...soaked.failures);
    const isSet = createSettableClock() !== undefined;
    if (!isSet && process.env.CI) failures.push('faketime is not installed: no clock was set');
    return {
      figures: [
        ['processes, each with five waits and two time limits', String(runs)],
        ...[...late].map(
          ([name, ms]) =>
            [
              `clock or process ${name}: longest wait beyond its end`,
              `${Math.round(ms)} ms`,
            ] as const,
        ),
        ...soaked.figures,
        ...(isSet ? [] : [['clocks that are set', 'not run: faketime is not installed'] as const]),
      ],
      failures,
    };
  },
};

// Runs the examples as a user does, and reads what they print.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithRedis } from './support/redis-server.js';

const ROOT = join(__dirname, '..');

/** Starts an example without colours, and without the Redis that REDIS_URL may name. */
function start(
  example: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', `examples/${example}/main.ts`, ...args], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', REDIS_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Resolves when the program and every process that writes to its output have ended. */
async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += data;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

const ALL =
  /^60 of 60 succeeded with \d\.\d\d sends per success in \d+\.\d s \(at best 0\.5 s\)\.$/m;

describe('examples/gate-backend', () => {
  it('gets all requests through a rate limit, and shows the refusals of a gate and a budget', async () => {
    const { code, output } = await ended(start('gate-backend', ['--requests', '60', '--without']));
    expect(output).toMatch(ALL);
    expect(output).toMatch(/^The same without a gate\n/m);
    expect(output.match(/ succeeded with /g)).toHaveLength(2);
    expect(output).toMatch(/^The first request: sent, not retried \(max-delay\)\.$/m);
    expect(output).toMatch(/^The next one: not sent \(ERR_GATE_CLOSED\); .* Retry-After: \d+\.$/m);
    expect(output).toMatch(/35 retries instead of 1000: 235 sends instead of 1200\.\n$/);
    expect(code).toBe(0);
  });

  it('prints its usage when an option is invalid', async () => {
    const { code, output } = await ended(start('gate-backend', ['--requests', 'many']));
    expect(output).toMatch(
      /^--requests takes .*\nUsage: npx tsx examples\/gate-backend\/main\.ts /,
    );
    expect(code).toBe(2);
  });
});

describe('examples/serverless', () => {
  it('carries a request through ten hours of waits, with functions of 15 minutes', async () => {
    const { code, output } = await ended(start('serverless'));
    expect(output).toMatch(/^ 1:18:00 +5 {2}4 × 900 s, 496 s +503 ─9 h 6 min─$/m);
    expect(output).toMatch(/^ 5:18:00 +the queue refused the message: the function throws$/m);
    expect(output).toMatch(/^10:24:08 +37 {2}36 × 900 s, 368 s +200$/m);
    expect(output).toMatch(/^10:24:08 +1 {2}0 s +200 again, recognised by its key: /m);
    expect(output).toMatch(
      /^functions {2}47 runs, which waited 0 s of 10 h 24 min \(.*, limit 15 min\)$/m,
    );
    expect(output).toMatch(/^queue {6}44 messages, held for 8 to 900 s$/m);
    expect(output).toMatch(/^service {4}7 sends with 1 key\n$/m);
    expect(code).toBe(0);
  });

  it('keeps waits below the limit in the function when it is told to', async () => {
    const { code, output } = await ended(start('serverless', ['--max-delay', '600']));
    expect(output).toMatch(/, which waited 9 min 44 s of 10 h 24 min \(longest run 9 min 44 s, /);
    expect(code).toBe(0);
    const tooLong = await ended(start('serverless', ['--max-delay', '900']));
    expect(tooLong.output).toMatch(
      /^--max-delay takes .*\nUsage: npx tsx examples\/serverless\/main\.ts /,
    );
    expect(tooLong.code).toBe(2);
  });
});

describe.each(['redis-fleet', 'graceful-shutdown'])('examples/%s', (example) => {
  it('says what to install when there is no redis-server', async () => {
    const { code, output } = await ended(start(example, [], { PATH: __dirname }));
    expect(output).toMatch(
      /^This example needs .*apt-get install redis-server.*brew install redis/,
    );
    expect(code).toBe(1);
  });
});

describeWithRedis('examples/redis-fleet with a redis-server', () => {
  it('gets all requests of four processes through a rate limit, even while Redis is away', async () => {
    const { code, output } = await ended(start('redis-fleet', ['--requests', '60']));
    expect(output).toMatch(/^ +\d+\.\d s {2}Redis is killed\. /m);
    expect(output).toMatch(ALL);
    expect(code).toBe(0);
  });

  it('ends its processes and its Redis when it is interrupted', async () => {
    const child = start('redis-fleet');
    const end = ended(child);
    // The head of the table is printed when all processes have started.
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (data) => {
        if (/accepted \+ refused/.test(`${data}`)) resolve();
      });
    });
    child.kill('SIGINT');
    // A process that is left would keep the output open.
    expect((await end).code).toBe(1);
  });
});

describeWithRedis('examples/graceful-shutdown with a redis-server', () => {
  it('stops a backend and starts it again without losing a request', async () => {
    const { code, output } = await ended(start('graceful-shutdown'));
    expect(output.match(/ s {13}exit code 0 after \d+\.\d\d s; queued:$/gm)).toHaveLength(2);
    // Sends, keys, and how often the service accepted the order.
    expect(output).toMatch(/^tea +2 +1 +1 {2}503 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^milk +3 +1 +1 {2}429 ─\d+\.\d s─ 429 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^salt +1 +1 +0 {2}529, queued$/m);
    expect(output).toMatch(/^rice +1 +1 +1 {2}200$/m);
    expect(output).toMatch(/^fish +2 +1 +1 {2}503 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^corn +2 +1 +1 {2}cut off ─\d+\.\d s─ 200 \(recognised by its key\)$/m);
    expect(output).toMatch(/^No order was lost, .*\.\n$/m);
    expect(output).not.toMatch(/^ +at |Error/m);
    expect(code).toBe(0);
  });
});

describe('examples/timeline', () => {
  it('draws the committed pictures in docs/images', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'timeline-'));
    const { code, output } = await ended(start('timeline', [folder]));
    expect({ code, output }).toEqual({ code: 0, output: '' });
    for (const name of ['timeline-light.svg', 'timeline-dark.svg']) {
      const committed = readFileSync(join(ROOT, 'docs/images', name), 'utf8');
      expect(readFileSync(join(folder, name), 'utf8')).toBe(committed);
    }
    rmSync(folder, { recursive: true });
  });
});

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describeWithRedis } from './support/redis-server.js';

jest.setTimeout(90_000);

/** Starts an example as a user does, without colours and with a Redis of its own. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: join(__dirname, '../examples'),
    env: { ...process.env, NO_COLOR: '1', REDIS_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Until it has ended, and all that writes to its output. */
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

describe('examples/gate-backend.ts', () => {
  it('gets all requests through a rate limit, and shows what a gate and a budget refuse', async () => {
    const { code, output } = await ended(
      start(['gate-backend.ts', '--requests', '60', '--without']),
    );
    expect(output).toMatch(ALL);
    expect(output).toMatch(/^The same without a gate\n/m);
    expect(output.match(/ succeeded with /g)).toHaveLength(2);
    expect(output).toMatch(/^The first request: sent, not retried \(max-delay\)\.$/m);
    expect(output).toMatch(/^The next one: not sent \(ERR_GATE_CLOSED\); .* Retry-After: \d+\.$/m);
    expect(output).toMatch(/100 retries, not for 1000: 300 sends, not 1200\.\n$/);
    expect(code).toBe(0);
  });

  it('says how it is used when it is not', async () => {
    const { code, output } = await ended(start(['gate-backend.ts', '--requests', 'many']));
    expect(output).toMatch(/^--requests takes .*\nUsage: npx tsx examples\/gate-backend\.ts /);
    expect(code).toBe(2);
  });
});

describe('examples/serverless.ts', () => {
  it('carries a request through ten hours of waits by functions of 15 minutes', async () => {
    const { code, output } = await ended(start(['serverless.ts']));
    expect(output).toMatch(/^ 1:18:00 +5 {2}4 × 900 s, 496 s +503 ─9 h 6 min─$/m);
    expect(output).toMatch(/^ 5:18:00 +the queue refused the message: the function throws$/m);
    expect(output).toMatch(/^10:24:08 +37 {2}36 × 900 s, 368 s +200$/m);
    expect(output).toMatch(/^10:24:08 +1 {2}0 s +200 again, known by its key: /m);
    expect(output).toMatch(/^functions {2}47 runs; 0 s of 10 h 24 min .* \(limit 15 min\)$/m);
    expect(output).toMatch(/^queue {6}44 messages, held for 8 to 900 s$/m);
    expect(output).toMatch(/^service {4}7 sends, 1 key\n$/m);
    expect(code).toBe(0);
  });

  it('lets waits stay in the function, below its limit', async () => {
    const { code, output } = await ended(start(['serverless.ts', '--max-delay', '600']));
    expect(output).toMatch(/; 9 min 44 s of 10 h 24 min were waited in them, in one 9 min 44 s /);
    expect(code).toBe(0);
    const tooLong = await ended(start(['serverless.ts', '--max-delay', '900']));
    expect(tooLong.output).toMatch(
      /^--max-delay takes .*\nUsage: npx tsx examples\/serverless\.ts /,
    );
    expect(tooLong.code).toBe(2);
  });
});

describe.each(['redis-fleet.ts', 'graceful-shutdown.ts'])('examples/%s', (example) => {
  it('says what to install where there is no redis-server', async () => {
    const { code, output } = await ended(start([example], { PATH: __dirname }));
    expect(output).toMatch(/^This needs .*apt-get install redis-server.*brew install redis/);
    expect(code).toBe(1);
  });
});

describeWithRedis('examples/redis-fleet.ts with a redis-server', () => {
  it('gets all requests of four processes through a rate limit, though Redis goes away', async () => {
    const { code, output } = await ended(start(['redis-fleet.ts', '--requests', '60']));
    expect(output).toMatch(/^ +\d+\.\d s {2}Redis is killed; /m);
    expect(output).toMatch(ALL);
    expect(code).toBe(0);
  });

  it('ends its processes and its Redis when it is interrupted', async () => {
    const child = start(['redis-fleet.ts']);
    const end = ended(child);
    // Their table has begun, so all of them are there.
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (data) => {
        if (/taken \+ refused/.test(`${data}`)) resolve();
      });
    });
    child.kill('SIGINT');
    // They would hold its output open.
    expect((await end).code).toBe(1);
  });
});

describeWithRedis('examples/graceful-shutdown.ts with a redis-server', () => {
  it('stops a backend and starts it again, and no request is lost', async () => {
    const { code, output } = await ended(start(['graceful-shutdown.ts']));
    expect(output.match(/ s {13}exit code 0 after \d+\.\d\d s; on the queue are$/gm)).toHaveLength(
      2,
    );
    // What the service saw: sends, keys, answers.
    expect(output).toMatch(/^tea +2 +1 +1 {2}503 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^milk +3 +1 +1 {2}429 ─\d+\.\d s─ 429 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^salt +1 +1 +0 {2}529, on the queue$/m);
    expect(output).toMatch(/^rice +1 +1 +1 {2}200$/m);
    expect(output).toMatch(/^fish +2 +1 +1 {2}503 ─\d+\.\d s─ 200$/m);
    expect(output).toMatch(/^corn +2 +1 +1 {2}cut off ─\d+\.\d s─ 200 \(known by its key\)$/m);
    expect(output).toMatch(/^None was lost, .*\.\n$/m);
    expect(output).not.toMatch(/^ +at |Error/m);
    expect(code).toBe(0);
  });
});

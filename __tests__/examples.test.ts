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

describe('examples/redis-fleet.ts', () => {
  it('says what to install where there is no redis-server', async () => {
    const { code, output } = await ended(start(['redis-fleet.ts'], { PATH: __dirname }));
    expect(output).toMatch(/apt-get install redis-server.*brew install redis.*REDIS_URL/);
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

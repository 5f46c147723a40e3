import { setTimeout as sleep } from 'node:timers/promises';
import type { RunScript } from '../../src/redis/client.js';
import { bindScript } from '../../src/redis/client.js';
import { decodeResult, encodeArgs, SCRIPT } from '../../src/redis/script.js';
import type { Connect, Connected, Started } from '../support/redis-clients.js';
import { cluster, single, startCluster, startServer } from '../support/redis-clients.js';
import { noFleet, noRate } from '../support/redis-requests.js';
import { describeWithRedis } from '../support/redis-server.js';

const ECHO = 'return { KEYS[1], unpack(ARGV) }';

/** The SHA-1 of a script is computed in another thread, after its first run. */
async function settled(): Promise<void> {
  await sleep(0);
  await Promise.all(digest.mock.results.map(({ value }) => value));
  await sleep(0);
}

let digest: jest.SpiedFunction<typeof crypto.subtle.digest>;
beforeEach(() => {
  digest = jest.spyOn(crypto.subtle, 'digest');
});

async function runOnce(run: RunScript): Promise<unknown> {
  const result = await run('k', []);
  await settled();
  return result;
}

function testBindScript(name: string, connect: Connect, started: () => Started): void {
  describe(`with ${name}`, () => {
    let connected: Connected;
    beforeEach(async () => {
      const { redis, calls, server } = started();
      connected = await connect(server.port);
      await redis.flushall();
      await redis.script('FLUSH');
      await calls();
    });
    afterEach(() => connected.end());

    it('runs a script on one key, with its arguments unchanged', async () => {
      const run = bindScript(connected.client, ECHO);
      const args = ['', '0', 'Infinity', '1.9e12', 'ü\n\0', '{other}'];
      expect(await run('a:{b}', args)).toEqual(['a:{b}', ...args]);
      expect(await run('c:{d}', [])).toEqual(['c:{d}']);
    });

    it('sends its text once, and then only its SHA-1', async () => {
      const run = bindScript(connected.client, ECHO);
      await runOnce(run);
      for (let i = 0; i < 4; i += 1) expect(await run('k', [String(i)])).toEqual(['k', String(i)]);
      expect(await started().calls()).toMatchObject({ eval: 1, evalsha: 4 });
    });

    it('sends its text again when Redis has forgotten it', async () => {
      const run = bindScript(connected.client, ECHO);
      await runOnce(run);
      await started().redis.script('FLUSH');
      expect(await run('k', ['again'])).toEqual(['k', 'again']);
      await settled();
      expect(await run('k', ['and again'])).toEqual(['k', 'and again']);
      expect(await started().calls()).toMatchObject({ eval: 2, evalsha: 2 });
    });

    it('gives each of many callers its own result', async () => {
      const run = bindScript(connected.client, "return redis.call('INCR', KEYS[1])");
      const all = (count: number) => Promise.all(Array.from({ length: count }, () => run('n', [])));
      const numbers = [...(await all(50)), ...(await all(50))];
      expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });

    it('rejects when the script fails, and does not run it again', async () => {
      const text = "redis.call('INCR', KEYS[1]) return redis.error_reply('ERR mine')";
      const run = bindScript(connected.client, text);
      await expect(run('n', [])).rejects.toThrow('mine');
      await expect(run('n', [])).rejects.toThrow('mine');
      expect(await started().redis.get('n')).toBe('2');
    });

    it('runs the script of the gate', async () => {
      const run = bindScript(connected.client, SCRIPT);
      const args = encodeArgs(
        { ...noRate, throttle: { epoch: 0, closedFor: 5000 }, wanted: 1 },
        noFleet,
      );
      for (const key of ['p:{https://a.example}', 'p:{https://b.example}']) {
        const reply = decodeResult(await run(key, args));
        expect(reply).toMatchObject({ closed: true, closedFor: 5000, sends: 0, delay: 5000 });
      }
      expect(await started().redis.dbsize()).toBe(2);
    });
  });
}

describeWithRedis('bindScript', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startServer();
  });
  afterAll(() => started.end());

  for (const [name, connect] of single) testBindScript(name, connect, () => started);
});

describeWithRedis('bindScript in a cluster', () => {
  let started: Started;
  beforeAll(async () => {
    started = await startCluster();
  });
  afterAll(() => started.end());

  for (const [name, connect] of cluster) testBindScript(name, connect, () => started);
});

describe('bindScript on a client', () => {
  const noScript = new Error('NOSCRIPT No matching script. Please use EVAL.');

  it('does not send the text again after a connection error', async () => {
    const closed = new Error('Connection is closed.');
    const client = { eval: jest.fn(async () => 1), evalsha: jest.fn(async () => 2) };
    const run = bindScript(client, ECHO);
    expect(await runOnce(run)).toBe(1);
    expect(await run('k', [])).toBe(2);
    client.evalsha.mockRejectedValueOnce(closed);
    await expect(run('k', [])).rejects.toBe(closed);
    expect(client.eval).toHaveBeenCalledTimes(1);
    expect(await run('k', [])).toBe(2);
  });

  it('sends the text until Redis has accepted it', async () => {
    const client = { eval: jest.fn(async () => 1), evalSha: jest.fn(async () => 2) };
    client.eval.mockRejectedValueOnce(new Error('LOADING'));
    const run = bindScript(client, ECHO);
    await expect(run('k', ['a'])).rejects.toThrow('LOADING');
    expect(await run('k', ['a'])).toBe(1);
    await settled();
    expect(await run('k', ['a'])).toBe(2);
    expect(client.eval.mock.calls).toEqual(
      new Array(2).fill([ECHO, { keys: ['k'], arguments: ['a'] }]),
    );
    const sha = expect.stringMatching(/^[\da-f]{40}$/);
    expect(client.evalSha.mock.calls).toEqual([[sha, { keys: ['k'], arguments: ['a'] }]]);
  });

  it('rejects with the error of the text when Redis does not know the SHA-1', async () => {
    const client = { eval: jest.fn(async () => 1), evalsha: jest.fn(async () => 2) };
    const run = bindScript(client, ECHO);
    await runOnce(run);
    client.evalsha.mockRejectedValueOnce(noScript);
    client.eval.mockRejectedValueOnce(new Error('OOM'));
    await expect(run('k', [])).rejects.toThrow('OOM');
  });

  it.each([
    undefined,
    null,
    7,
    'redis://localhost',
    {},
    [],
    () => {},
    { eval: () => {} },
    new Map(),
  ])('of neither kind, %p, throws a TypeError', (client) => {
    const act = () => bindScript(client as never, ECHO);
    expect(act).toThrow(TypeError);
    expect(act).toThrow(/createRedisGate takes a client of ioredis or of node-redis; got /);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Bucket } from '../support/herd.js';
import { FleetProcess } from '../support/redis-fleet.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const PROCESSES = 3;
/** Requests per process. */
const EACH = 80;
/** The server's limits: requests per second, and at once. */
const RATE = 40;
const BURST = 8;

describeWithRedis('three processes over one Redis', () => {
  const fleet: FleetProcess[] = [];
  let redis: RedisServer;
  let server: ScriptedServer;
  let successes = 0;

  beforeAll(async () => {
    const bucket = new Bucket(RATE, BURST);
    server = await startServer((_req, res) => {
      const retryAfter = bucket.answer(performance.now());
      if (retryAfter > 0) res.writeHead(429, { 'retry-after': String(retryAfter / 1000) }).end();
      else {
        successes += 1;
        res.writeHead(200).end();
      }
    });
    redis = await RedisServer.start();
    fleet.push(...Array.from({ length: PROCESSES }, () => new FleetProcess()));
    await Promise.all(fleet.map((one) => one.ready()));
  });

  afterAll(async () => {
    for (const one of fleet) one.end();
    await redis.stop();
    await server.close();
  });

  it('lose no request when Redis is killed and restarted, and send few in vain', async () => {
    const begun = performance.now();
    const job = { url: server.url, redisPort: redis.port, requests: EACH };
    const reports = Promise.all(fleet.map((one) => one.run(job)));
    await sleep(2000);
    await redis.stop();
    // A process that asks for nothing in this time does not notice.
    await sleep(1500);
    await redis.start();
    const all = await reports;

    expect(all.map(({ failures }) => failures)).toEqual([[], [], []]);
    expect(successes).toBe(PROCESSES * EACH);
    expect(server.requests.length / successes).toBeLessThan(1.5);
    // 6 s at that rate, plus the closings, on a quiet machine; one process alone would take as long.
    expect(performance.now() - begun).toBeLessThan(60_000);
    for (const { errors } of all) expect(errors.length).toBeLessThanOrEqual(3);
    expect(all.some(({ errors }) => errors.length > 0)).toBe(true);
    // The processes share state again: these keys were written after the restart.
    expect(all.map(({ mode }) => mode)).toContain('shared');
    const client = new Redis(redis.port);
    expect(await client.dbsize()).toBe(1);
    client.disconnect();
  });
});

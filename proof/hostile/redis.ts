// A Redis that answers anything but what the script does: requests go on, as if it were away.
import { EventEmitter } from 'node:events';
import type { InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import { rateLimitFields } from '../../src/hints/index.js';
import { attachRetry } from '../../src/index.js';
import type { IoredisClient } from '../../src/redis/client.js';
import { createRedisGate } from '../../src/redis/index.js';
import type { Idea } from './idea.js';
import { count, Failures } from './idea.js';
import { anyObject } from './objects.js';
import type { Random } from './random.js';
import { anyValue } from './texts.js';
import { VirtualClock } from './virtual-clock.js';

const REQUESTS = 20;
/** For each request: it may wait for the time limit of Redis, and the gate asks again after a second. */
const TIME_MS = 60_000;

/** A reply like the script's: of as many numbers, but without sense. */
function anyReply(random: Random): unknown {
  const finite = ['0', '1', '-1', '5', '100', '1e12', '1e308', '-1e308', '', null, 0.5, [], true];
  const choices = random.oneIn(3) ? [...finite, 'NaN', undefined, {}, 'x'] : finite;
  const number = (): unknown => random.pick<unknown>(choices);
  const reply = Array.from(
    { length: random.pick([0, 1, 12, 13, 13, 13, 14, 18, 23, 1000]) },
    number,
  );
  if (random.oneIn(4)) return Array(13).fill(random.pick(['0', '', null, 0, false, '1']));
  if (random.oneIn(2)) return reply;
  // One number of a true reply is another one.
  const changed: unknown[] = ['9', '0', '0', '0', '0', '0', '10', '4', '1', '-1', '9', '7', '0'];
  changed[random.below(13)] = number();
  return changed;
}

function anyAnswer(random: Random, clock: VirtualClock): Promise<unknown> {
  return random.pick<() => Promise<unknown>>([
    () => Promise.resolve(anyReply(random)),
    () => Promise.resolve(anyObject(random)),
    () => Promise.resolve(anyValue(random)),
    () => Promise.reject(new Error('ERR garbage')),
    () => Promise.reject(new Error('NOSCRIPT garbage')),
    () => Promise.reject(new Error('connection lost')),
    () => Promise.reject(anyValue(random)),
    () => new Promise(() => undefined),
    () =>
      new Promise(
        (resolve) => void clock.setTimeout(() => resolve(anyReply(random)), random.below(5000)),
      ),
    () =>
      new Promise(
        (_, reject) => void clock.setTimeout(() => reject(new Error('late')), random.below(5000)),
      ),
    () => {
      throw new Error('thrown at once');
    },
    () => anyReply(random) as never,
  ])();
}

/** A client whose subscriber publishes garbage. */
class HostileClient extends EventEmitter {
  readonly duplicates: HostileClient[] = [];
  readonly onMessages: ((text: string) => void)[] = [];

  constructor(
    readonly random: Random,
    readonly clock: VirtualClock,
    isNodeRedis: boolean,
  ) {
    super();
    const run = (): Promise<unknown> => anyAnswer(random, clock);
    Object.assign(this, { eval: run, [isNodeRedis ? 'evalSha' : 'evalsha']: run });
  }

  duplicate(): unknown {
    if (this.random.oneIn(6)) throw new Error('no duplicate');
    if (this.random.oneIn(6)) return anyValue(this.random);
    const isNodeRedis = 'evalSha' in this;
    const duplicate = new HostileClient(this.random, this.clock, isNodeRedis);
    this.duplicates.push(duplicate);
    return duplicate;
  }

  connect(): Promise<unknown> {
    return this.random.oneIn(3) ? Promise.reject(new Error('refused')) : Promise.resolve();
  }

  subscribe(_channel: string, onMessage?: (text: string) => void): Promise<unknown> {
    if (onMessage) this.onMessages.push(onMessage);
    return this.random.oneIn(3) ? anyAnswer(this.random, this.clock) : Promise.resolve();
  }

  destroy(): unknown {
    if (this.random.oneIn(2)) throw new Error('not connected');
    return undefined;
  }

  /** Tells everybody who listens something. */
  publish(): void {
    const { random } = this;
    const key = random.pick([
      'axios-status-retry:gate:{https://a.example}',
      '',
      '__proto__',
      5,
      null,
    ]);
    const text = random.pick<() => string>([
      () => JSON.stringify(['other', key, anyReply(random)]) ?? '',
      () => JSON.stringify(['other', key]),
      () => '[',
      () => 'null',
      () => '[[[[',
      () => '{"__proto__":1}',
      () => '['.repeat(100_000),
    ])();
    for (const one of this.duplicates) {
      one.emit('message', 'channel', text);
      for (const hear of one.onMessages) hear(text);
      if (random.oneIn(4))
        one.emit(random.pick(['ready', 'close', 'reconnecting', 'end', 'node-ready']));
      if (random.oneIn(4)) one.emit('error', new Error('garbage'));
    }
  }
}

export const lieAsRedis: Idea = async (random, scale) => {
  const failures = new Failures();
  const gates = Math.ceil(60 * scale);
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  let sent = 0;
  let closed = 0;
  for (let i = 0; i < gates; i += 1) {
    const clock = new VirtualClock();
    const client = new HostileClient(random, clock, random.oneIn(2));
    const errors: unknown[] = [];
    const gate = createRedisGate(client as unknown as IoredisClient, {
      commandTimeout: 200,
      onError: (error) => void errors.push(error),
      ...(random.oneIn(2) && { quotas: rateLimitFields() }),
    });
    let answers = 0;
    const api = axios.create({
      adapter: async (config: InternalAxiosRequestConfig) => {
        answers += 1;
        const status = random.oneIn(8) ? 429 : 200;
        const headers = { 'retry-after': '1', ratelimit: '"a";r=50;t=10' };
        return { status, statusText: '', headers, config, data: '' };
      },
    });
    const shown = { gate: i, errors };
    try {
      attachRetry(api, { clock, gate });
    } catch (error) {
      failures.add('a client is taken', { ...shown, error });
      continue;
    }
    const outcomes: unknown[] = [];
    for (let left = REQUESTS; left > 0; left -= 1) {
      void api.get('https://a.example/').then(
        ({ status }) => outcomes.push(status),
        (error: unknown) => outcomes.push(error),
      );
      await clock.pass(random.below(300));
      client.publish();
    }
    const before = clock.now();
    while (outcomes.length < REQUESTS && clock.now() < before + REQUESTS * TIME_MS)
      await clock.pass(5000);
    sent += answers;
    if (outcomes.length < REQUESTS) {
      const queue = gate.inspect();
      failures.add('requests go on', {
        ...shown,
        settled: outcomes.length,
        queue,
        mode: gate.mode,
      });
    }
    // A lie may say that the key is closed for years: that is what the gate then says, too.
    const isClosed = (outcome: unknown): boolean =>
      (outcome as { code?: unknown }).code === 'ERR_GATE_CLOSED';
    const failed = outcomes.filter((outcome) => typeof outcome !== 'number' && !isClosed(outcome));
    closed += outcomes.filter(isClosed).length;
    if (failed.length > 0) failures.add('no request fails for Redis', { ...shown, failed });
    await gate.close();
    if (unhandled.length > 0)
      failures.add('no rejection is unhandled', { ...shown, unhandled: unhandled.splice(0) });
  }
  process.off('unhandledRejection', onUnhandled);
  return {
    figures: [
      ['gates over a Redis that lies, throws, hangs or is late', count(gates)],
      ['requests through them, all settled', count(gates * REQUESTS)],
      ['requests refused, because the lie was that their key is closed for years', count(closed)],
      ['sends of them', count(sent)],
    ],
    failures: failures.list,
  };
};

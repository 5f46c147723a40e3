import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axios, { AxiosError } from 'axios';
import type { DelayQueue, Relay, RelayResult, ResumeConfig } from '../../src/deferral/index.js';
import { createDeferral, createRelay, parseTicket } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/gate.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry, retryCount, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';

const START = Date.UTC(2030, 0, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LONGEST = 15 * MINUTE;

const ticket = parseTicket(
  JSON.parse(readFileSync(join(__dirname, '../fixtures/retry-ticket.v1.json'), 'utf8')),
);
const RESPONSE = { status: 200 } as never;
const answer = async () => RESPONSE;
const never = () => Promise.reject(new Error('it was sent'));

interface World {
  /** The server's answers in turn; the last one repeats. */
  readonly answers?: readonly number[];
  /** How much later than asked for the queue delivers; sooner below 0 (ms). */
  readonly late?: number;
  readonly retry?: RetryOptions;
  readonly resume?: ResumeConfig;
}

/** A server, a queue that delivers a message until it is deleted, and a function behind it. */
function setUp({ answers = [503], late = 0, retry, resume }: World = {}) {
  const clock = createTestClock(START);
  const sent: { at: number; key: unknown; retryNumber: number }[] = [];
  const delays: number[] = [];
  const ends: (RelayResult | Error)[] = [];
  /** Numbers of the messages that the queue refuses, from 1 on. */
  const refuses = new Set<number>();
  let messages = 0;

  const send = async (message: unknown, delay: number): Promise<void> => {
    messages += 1;
    if (refuses.has(messages)) throw new Error('throttled');
    delays.push(delay);
    deliver(JSON.stringify(message), Math.max(delay + late, 0));
  };
  const relay = createRelay({ maxDelay: LONGEST, send }, clock);
  const adapter = async (config: AxiosError['config'] & object) => {
    const status = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
    const key = config.headers.get('Idempotency-Key');
    sent.push({ at: clock.now() - START, key, retryNumber: retryCount(config) });
    const response = { status, statusText: '', headers: {}, data: '', config };
    if (status < 300) return response;
    throw new AxiosError(`status ${status}`, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
  const api = axios.create({ baseURL: 'https://api.example.com', adapter });
  const deferral = createDeferral({ save: relay.save, headers: ['X-Tenant'] });
  const handle = attachRetry(api, { clock, maxDelay: 0, deferral, idempotencyKey: true, ...retry });

  const receive = (message: unknown) =>
    relay.receive(message, (checked) => deferral.resume(checked, resume));
  function deliver(body: string, delay: number): void {
    clock.setTimeout(() => void take(body), delay);
  }
  async function take(body: string): Promise<void> {
    const end = await receive(JSON.parse(body)).catch((error: Error) => error);
    ends.push(end);
    if (end instanceof Error) deliver(body, LONGEST);
  }
  /** A request that is handed over, and all that comes of it. */
  async function run(): Promise<void> {
    const request = api.post('/orders', { item: 'tea' }).catch(() => undefined);
    await clock.runAll();
    await request;
  }
  const states = () => ends.map((end) => (end instanceof Error ? end.message : end.state));
  return { clock, sent, delays, ends, states, refuses, relay, receive, api, handle, run };
}

/** A relay on a queue that only takes down what it is sent. */
function relayAt(now: number): { relay: Relay; sends: [unknown, number][] } {
  const sends: [unknown, number][] = [];
  const send = (message: unknown, delay: number) => sends.push([message, delay]);
  return { relay: createRelay({ maxDelay: LONGEST, send }, { now: () => now }), sends };
}

describe('createRelay', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no send', { maxDelay: LONGEST }],
    ['a send that is no function', { maxDelay: LONGEST, send: true }],
    ['no maxDelay', { send: () => {} }],
    ['a maxDelay that is no number', { maxDelay: '900', send: () => {} }],
  ])('throws a TypeError for %s in place of a queue', (_, queue) => {
    const create = () => createRelay(queue as DelayQueue);
    expect(create).toThrow(TypeError);
    expect(create).toThrow('createRelay takes a queue { maxDelay, send }; got ');
  });

  it.each([0, -1, SECOND, Number.NaN, Number.NEGATIVE_INFINITY])(
    'throws a RangeError for a maxDelay of %d ms, with which no hop leads on',
    (maxDelay) => {
      const create = () => createRelay({ maxDelay, send: () => {} });
      expect(create).toThrow(RangeError);
      expect(create).toThrow('createRelay: "maxDelay" takes more than 1000 ms; got ');
    },
  );

  it('goes by the system’s clock without one', async () => {
    const sends: number[] = [];
    const relay = createRelay({ maxDelay: LONGEST, send: (_, delay) => sends.push(delay) });
    await relay.save({ ...ticket, notBefore: Date.now() + MINUTE });
    expect(sends[0]).toBeGreaterThan(MINUTE - 10 * SECOND);
    expect(sends[0]).toBeLessThanOrEqual(MINUTE);
  });
});

describe('save', () => {
  it.each([
    ['for what is left', 5 * MINUTE, 5 * MINUTE],
    ['for as long as it can, where more is left', LONGEST + 1, LONGEST],
    ['for as long as it can, where there is no end', Number.POSITIVE_INFINITY, LONGEST],
    ['for 0 ms, where the time has come', 0, 0],
    ['for 0 ms, where it is over', -HOUR, 0],
  ])('has the queue hold a ticket %s', async (_, left, delay) => {
    const { relay, sends } = relayAt(ticket.notBefore - left);
    await relay.save(ticket);
    expect(sends).toEqual([[ticket, delay]]);
  });

  it('calls send as a method of the queue', async () => {
    class Queue implements DelayQueue {
      readonly maxDelay = LONGEST;
      readonly sends: unknown[] = [];
      send(message: unknown): void {
        this.sends.push(message);
      }
    }
    const queue = new Queue();
    const { save } = createRelay(queue);
    await save(ticket);
    expect(queue.sends).toEqual([ticket]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('throttled');
      },
    ],
    ['rejects', () => Promise.reject(new Error('throttled'))],
  ])('rejects with the error of a queue that %s', async (_, send) => {
    const relay = createRelay({ maxDelay: LONGEST, send });
    await expect(relay.save(ticket)).rejects.toThrow('throttled');
  });
});

describe('receive', () => {
  it('puts a ticket back whose time has not come', async () => {
    const { relay, sends } = relayAt(ticket.notBefore - 1001);
    expect(await relay.receive(ticket, never)).toEqual({ state: 'queued' });
    expect(sends).toEqual([[ticket, 1001]]);
  });

  it.each([SECOND, 1, 0, -HOUR])('resumes one that is due in %d ms', async (left) => {
    const { relay, sends } = relayAt(ticket.notBefore - left);
    expect(await relay.receive(ticket, answer)).toEqual({ state: 'answered', response: RESPONSE });
    expect(sends).toEqual([]);
  });

  it('hands on what it has checked, not what it was given', async () => {
    const { relay } = relayAt(ticket.notBefore);
    const resume = jest.fn(answer);
    const message = JSON.parse(JSON.stringify(ticket));
    await relay.receive(message, resume);
    const [[resumed]] = resume.mock.calls as unknown as [[unknown]];
    expect(resumed).toEqual(ticket);
    expect(resumed).not.toBe(message);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no ticket', { hello: 'world' }],
    ['one of another version', { ...ticket, version: 2 }],
    ['one with a field too many', { ...ticket, baseURL: 'https://evil.example' }],
    ['one that is still text', JSON.stringify(ticket)],
  ])('rejects with a TypeError for %s, and neither sends nor queues it', async (_, message) => {
    const { relay, sends } = relayAt(ticket.notBefore);
    await expect(relay.receive(message, never)).rejects.toThrow(TypeError);
    expect(sends).toEqual([]);
  });

  it('rejects with the TypeError for a ticket to another origin', async () => {
    const { receive, sent, delays } = setUp();
    const forged = { ...ticket, url: 'https://evil.example/', notBefore: START };
    await expect(receive(forged)).rejects.toThrow(TypeError);
    expect([sent, delays]).toEqual([[], []]);
  });

  it('gives the answer, with the report of all attempts', async () => {
    const { ends, delays, run } = setUp({ answers: [503, 200] });
    await run();
    expect(ends).toMatchObject([{ state: 'answered', response: { status: 200 } }]);
    const { response } = ends[0] as { response: unknown };
    expect(retryReport(response)?.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(delays).toEqual([8 * SECOND]);
  });

  it('says that a request is queued that is to be sent once more', async () => {
    const { states, sent, delays, run } = setUp({ answers: [503, 529, 200] });
    await run();
    expect(states()).toEqual(['queued', 'answered']);
    expect(delays).toEqual([8 * SECOND, 64 * SECOND]);
    expect(sent.map(({ at }) => at)).toEqual([0, 8 * SECOND, 72 * SECOND]);
  });

  it.each<[string, readonly number[], RetryOptions]>([
    ['status', [503, 400], {}],
    ['no-retry-after', [503, 429], {}],
    ['max-retries', [503], { maxRetries: 1 }],
    ['max-elapsed', [503], { maxElapsed: MINUTE }],
    [
      'decided',
      [503],
      {
        decide: (decision, { retryNumber }) =>
          retryNumber > 1 ? { retry: false, reason: 'decided' } : decision,
      },
    ],
  ])(
    'says that a request has failed that is not sent any more: %s',
    async (gaveUp, answers, retry) => {
      const { ends, sent, run } = setUp({ answers, retry });
      await run();
      expect(ends).toMatchObject([
        { state: 'failed', error: { response: { status: answers.at(-1) } } },
      ]);
      const { error } = ends[0] as { error: unknown };
      expect(retryReport(error)?.gaveUp).toBe(gaveUp);
      expect(sent).toHaveLength(2);
    },
  );

  it('waits at most a second in the process, so a message may come a second early', async () => {
    const { sent, states, run } = setUp({ answers: [503, 503, 200], late: -SECOND });
    await run();
    expect(sent.map(({ at }) => at)).toEqual([0, 8 * SECOND, 72 * SECOND]);
    expect(states()).toEqual(['queued', 'answered']);
  });
});

describe('a message stays where nothing was judged:', () => {
  it('a hook failed', async () => {
    let isBroken = true;
    const decide: RetryOptions['decide'] = (decision, { retryNumber }) => {
      if (retryNumber === 2 && isBroken) {
        isBroken = false;
        throw new Error('hook broken');
      }
      return decision;
    };
    const { states, sent, run } = setUp({ answers: [503, 503, 503, 200], retry: { decide } });
    await run();
    expect(states()).toEqual(['hook broken', 'queued', 'answered']);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 1, 2]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it('an interceptor failed', async () => {
    const { states, sent, api, run } = setUp({ answers: [503, 200] });
    let calls = 0;
    api.interceptors.request.use((config) => {
      calls += 1;
      if (calls === 2) throw new Error('no token');
      return config;
    });
    await run();
    expect(states()).toEqual(['no token', 'answered']);
    expect(sent.map(({ at }) => at)).toEqual([0, 8 * SECOND + LONGEST]);
  });

  it('the queue failed at a hop', async () => {
    const { states, sent, refuses, run } = setUp({ answers: [503, 503, 503, 503, 200] });
    refuses.add(6);
    await run();
    const before = ['queued', 'queued', 'queued', 'queued'];
    expect(states()).toEqual([...before, 'throttled', 'queued', 'queued', 'answered']);
    expect(sent.at(-1)?.at).toBe(4680 * SECOND); // the time it was away was not lost
  });

  it('the queue failed after a send, which is then made again with the same key', async () => {
    const { states, sent, refuses, run } = setUp({ answers: [503, 503, 200] });
    refuses.add(2);
    await run();
    expect(states()).toEqual(['throttled', 'answered']);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 1]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it('the request was aborted', async () => {
    const { receive, sent } = setUp({ resume: { signal: AbortSignal.abort() } });
    await expect(receive({ ...ticket, notBefore: START })).rejects.toThrow('canceled');
    expect(sent).toEqual([]);
  });

  it('too many wait at a gate', async () => {
    const gate = createGate({ initialConcurrency: 1, maxQueued: 1 });
    const { receive, sent } = setUp({ answers: [200], retry: { gate } });
    const due = (id: string) => ({ ...ticket, id, notBefore: START });
    const all = await Promise.allSettled(['1', '2', '3'].map((id) => receive(due(id))));
    expect(all).toMatchObject([
      { value: { state: 'answered' } },
      { value: { state: 'answered' } },
      { reason: { code: 'ERR_GATE_FULL' } },
    ]);
    expect(sent).toHaveLength(2);
  });

  it('the instance was detached', async () => {
    const { clock, receive, handle } = setUp({ answers: [503], retry: { maxDelay: HOUR } });
    const received = receive({ ...ticket, retries: 0, notBefore: START });
    const ended = expect(received).rejects.toMatchObject({ response: { status: 503 } });
    await clock.advance(0);
    handle.detach();
    await ended;
  });
});

describe('a message that is delivered twice', () => {
  it('is sent once where both are received at the same time', async () => {
    const { receive, sent } = setUp({ answers: [200] });
    const due = { ...ticket, notBefore: START };
    const both = await Promise.all([receive(due), receive(due)]);
    expect(both.map(({ state }) => state)).toEqual(['answered', 'answered']);
    expect(sent).toHaveLength(1);
  });

  it('is sent twice, with one key, where one comes after the other', async () => {
    const { receive, sent } = setUp({ answers: [200] });
    const due = { ...ticket, notBefore: START };
    await receive(due);
    await receive(due);
    expect(sent.map(({ key }) => key)).toEqual(['order-7', 'order-7']);
  });
});

describe('the schedule of 10.4 hours over a queue of 15 minutes', () => {
  const DUE = [0, 8, 72, 584, 4680, 37_448].map((seconds) => seconds * SECOND);

  it('is kept to the millisecond, and ends after the last retry', async () => {
    const { sent, delays, ends, states, run } = setUp();
    await run();
    expect(sent.map(({ at }) => at)).toEqual(DUE);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    const full = (count: number) => Array<number>(count).fill(LONGEST);
    const rest = [8, 64, 512].map((seconds) => seconds * SECOND);
    expect(delays).toEqual([...rest, ...full(4), 496_000, ...full(36), 368_000]);
    expect(states()).toEqual([...Array(44).fill('queued'), 'failed']);
    const report = retryReport((ends.at(-1) as { error: unknown }).error);
    expect(report).toMatchObject({ gaveUp: 'max-retries' });
    expect(report?.attempts.map(({ sentAt }) => sentAt - START)).toEqual(DUE);
  });

  it.each([-SECOND, -1, 1, 20 * SECOND, HOUR])(
    'has nothing sent too soon by a queue that delivers %d ms late, nor held for too long',
    async (late) => {
      const { sent, delays, run } = setUp({ late });
      await run();
      const waits = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
      expect(waits).toHaveLength(5);
      for (const [i, wait] of waits.entries()) {
        expect(wait).toBeGreaterThanOrEqual(8 ** (i + 1) * SECOND);
        // What a hop is late by is not added up.
        expect(wait).toBeLessThanOrEqual(8 ** (i + 1) * SECOND + Math.max(late, 0));
      }
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...delays)).toBeLessThanOrEqual(LONGEST);
    },
  );
});

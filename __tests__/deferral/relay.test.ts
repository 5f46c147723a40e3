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
const MAX_DELAY = 15 * MINUTE;

const ticket = parseTicket(
  JSON.parse(readFileSync(join(__dirname, '../fixtures/retry-ticket.v1.json'), 'utf8')),
);
const RESPONSE = { status: 200 } as never;
const answer = async () => RESPONSE;
const mustNotSend = () => Promise.reject(new Error('it was sent'));

interface World {
  /** The server's answers in turn; the last one repeats. */
  readonly answers?: readonly number[];
  /** How late the queue delivers, in milliseconds; early if negative. */
  readonly late?: number;
  readonly retry?: RetryOptions;
  readonly resume?: ResumeConfig;
}

/** A server, a queue that delivers a message until it is deleted, and the function that receives it. */
function setUp({ answers = [503], late = 0, retry, resume }: World = {}) {
  const clock = createTestClock(START);
  const sent: { at: number; key: unknown; retryNumber: number }[] = [];
  const delays: number[] = [];
  const ends: (RelayResult | Error)[] = [];
  /** The numbers of the messages that the queue refuses, from 1. */
  const refuses = new Set<number>();
  let messages = 0;

  const send = async (message: unknown, delay: number): Promise<void> => {
    messages += 1;
    if (refuses.has(messages)) throw new Error('throttled');
    delays.push(delay);
    deliver(JSON.stringify(message), Math.max(delay + late, 0));
  };
  const relay = createRelay({ maxDelay: MAX_DELAY, send }, clock);
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
    if (end instanceof Error) deliver(body, MAX_DELAY);
  }
  /** Sends a request and runs the clock until nothing is left to do. */
  async function run(): Promise<void> {
    const request = api.post('/orders', { item: 'tea' }).catch(() => undefined);
    await clock.runAll();
    await request;
  }
  const states = () => ends.map((end) => (end instanceof Error ? end.message : end.state));
  return { clock, sent, delays, ends, states, refuses, relay, receive, api, handle, run };
}

/** A relay whose queue only records what it is sent. */
function relayAt(now: number): { relay: Relay; sends: [unknown, number][] } {
  const sends: [unknown, number][] = [];
  const send = (message: unknown, delay: number) => sends.push([message, delay]);
  return { relay: createRelay({ maxDelay: MAX_DELAY, send }, { now: () => now }), sends };
}

describe('createRelay', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a queue without send', { maxDelay: MAX_DELAY }],
    ['a queue whose send is not a function', { maxDelay: MAX_DELAY, send: true }],
    ['a queue without maxDelay', { send: () => {} }],
    ['a queue whose maxDelay is not a number', { maxDelay: '900', send: () => {} }],
  ])('throws a TypeError for %s', (_, queue) => {
    const create = () => createRelay(queue as DelayQueue);
    expect(create).toThrow(TypeError);
    expect(create).toThrow('createRelay takes a queue { maxDelay, send }; got ');
  });

  it.each([0, -1, SECOND, Number.NaN, Number.NEGATIVE_INFINITY])(
    'throws a RangeError for a maxDelay of %d ms, which is too short',
    (maxDelay) => {
      const create = () => createRelay({ maxDelay, send: () => {} });
      expect(create).toThrow(RangeError);
      expect(create).toThrow('createRelay: option "maxDelay" takes more than 1000 ms; got ');
    },
  );

  it('uses the system clock by default', async () => {
    const sends: number[] = [];
    const relay = createRelay({ maxDelay: MAX_DELAY, send: (_, delay) => sends.push(delay) });
    await relay.save({ ...ticket, notBefore: Date.now() + MINUTE });
    expect(sends[0]).toBeGreaterThan(MINUTE - 10 * SECOND);
    expect(sends[0]).toBeLessThanOrEqual(MINUTE);
  });
});

describe('save', () => {
  it.each([
    ['for the time left', 5 * MINUTE, 5 * MINUTE],
    ['for the longest delay if more time is left', MAX_DELAY + 1, MAX_DELAY],
    ['for the longest delay if the time left is infinite', Number.POSITIVE_INFINITY, MAX_DELAY],
    ['for 0 ms if it is due', 0, 0],
    ['for 0 ms if it is overdue', -HOUR, 0],
  ])('queues a ticket %s', async (_, left, delay) => {
    const { relay, sends } = relayAt(ticket.notBefore - left);
    await relay.save(ticket);
    expect(sends).toEqual([[ticket, delay]]);
  });

  it('calls send as a method of the queue', async () => {
    class Queue implements DelayQueue {
      readonly maxDelay = MAX_DELAY;
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
    const relay = createRelay({ maxDelay: MAX_DELAY, send });
    await expect(relay.save(ticket)).rejects.toThrow('throttled');
  });
});

describe('receive', () => {
  it('queues a ticket again that is not due', async () => {
    const { relay, sends } = relayAt(ticket.notBefore - 1001);
    expect(await relay.receive(ticket, mustNotSend)).toEqual({ state: 'queued' });
    expect(sends).toEqual([[ticket, 1001]]);
  });

  it.each([SECOND, 1, 0, -HOUR])('resumes a ticket that is due in %d ms', async (left) => {
    const { relay, sends } = relayAt(ticket.notBefore - left);
    expect(await relay.receive(ticket, answer)).toEqual({ state: 'answered', response: RESPONSE });
    expect(sends).toEqual([]);
  });

  it('resumes a checked copy of the message', async () => {
    const { relay } = relayAt(ticket.notBefore);
    const resume = jest.fn(answer);
    const message = JSON.parse(JSON.stringify(ticket));
    await relay.receive(message, resume);
    const [[resumed]] = resume.mock.calls as unknown as [[unknown]];
    expect(resumed).toEqual(ticket);
    expect(resumed).not.toBe(message);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['another object', { hello: 'world' }],
    ['a ticket of another version', { ...ticket, version: 2 }],
    ['a ticket with an unknown field', { ...ticket, baseURL: 'https://evil.example' }],
    ['the text of a ticket', JSON.stringify(ticket)],
  ])('rejects with a TypeError for %s, and neither sends nor queues it', async (_, message) => {
    const { relay, sends } = relayAt(ticket.notBefore);
    await expect(relay.receive(message, mustNotSend)).rejects.toThrow(TypeError);
    expect(sends).toEqual([]);
  });

  it('rejects with a TypeError for a ticket to another origin', async () => {
    const { receive, sent, delays } = setUp();
    const forged = { ...ticket, url: 'https://evil.example/', notBefore: START };
    await expect(receive(forged)).rejects.toThrow(TypeError);
    expect([sent, delays]).toEqual([[], []]);
  });

  it('gives the response, with the report of all attempts', async () => {
    const { ends, delays, run } = setUp({ answers: [503, 200] });
    await run();
    expect(ends).toMatchObject([{ state: 'answered', response: { status: 200 } }]);
    const { response } = ends[0] as { response: unknown };
    expect(retryReport(response)?.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(delays).toEqual([8 * SECOND]);
  });

  it('says that a request is queued if it will be sent again', async () => {
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
    'says that a request has failed if it will not be sent again: %s',
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

  it('waits in the process for a message that is up to a second early', async () => {
    const { sent, states, run } = setUp({ answers: [503, 503, 200], late: -SECOND });
    await run();
    expect(sent.map(({ at }) => at)).toEqual([0, 8 * SECOND, 72 * SECOND]);
    expect(states()).toEqual(['queued', 'answered']);
  });
});

describe('receive rejects, so that the message stays, if', () => {
  it('a hook fails', async () => {
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

  it('an interceptor fails', async () => {
    const { states, sent, api, run } = setUp({ answers: [503, 200] });
    let calls = 0;
    api.interceptors.request.use((config) => {
      calls += 1;
      if (calls === 2) throw new Error('no token');
      return config;
    });
    await run();
    expect(states()).toEqual(['no token', 'answered']);
    expect(sent.map(({ at }) => at)).toEqual([0, 8 * SECOND + MAX_DELAY]);
  });

  it('the queue fails at a hop', async () => {
    const { states, sent, refuses, run } = setUp({ answers: [503, 503, 503, 503, 200] });
    refuses.add(6);
    await run();
    const before = ['queued', 'queued', 'queued', 'queued'];
    expect(states()).toEqual([...before, 'throttled', 'queued', 'queued', 'answered']);
    expect(sent.at(-1)?.at).toBe(4680 * SECOND); // as late as without the failure
  });

  it('the queue fails after a send, which is then repeated with the same key', async () => {
    const { states, sent, refuses, run } = setUp({ answers: [503, 503, 200] });
    refuses.add(2);
    await run();
    expect(states()).toEqual(['throttled', 'answered']);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 1]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it('the request is aborted', async () => {
    const { receive, sent } = setUp({ resume: { signal: AbortSignal.abort() } });
    await expect(receive({ ...ticket, notBefore: START })).rejects.toThrow('canceled');
    expect(sent).toEqual([]);
  });

  it('the gate is full', async () => {
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

  it('the instance is detached', async () => {
    const { clock, receive, handle } = setUp({ answers: [503], retry: { maxDelay: HOUR } });
    const received = receive({ ...ticket, retries: 0, notBefore: START });
    const ended = expect(received).rejects.toMatchObject({ response: { status: 503 } });
    await clock.advance(0);
    handle.detach();
    await ended;
  });
});

describe('a message that is delivered twice', () => {
  it('is sent once if both deliveries are received at the same time', async () => {
    const { receive, sent } = setUp({ answers: [200] });
    const due = { ...ticket, notBefore: START };
    const both = await Promise.all([receive(due), receive(due)]);
    expect(both.map(({ state }) => state)).toEqual(['answered', 'answered']);
    expect(sent).toHaveLength(1);
  });

  it('is sent twice, with the same key, if one delivery follows the other', async () => {
    const { receive, sent } = setUp({ answers: [200] });
    const due = { ...ticket, notBefore: START };
    await receive(due);
    await receive(due);
    expect(sent.map(({ key }) => key)).toEqual(['order-7', 'order-7']);
  });
});

describe('the schedule of 10.4 hours over a queue of 15 minutes', () => {
  const DUE = [0, 8, 72, 584, 4680, 37_448].map((seconds) => seconds * SECOND);

  it('is kept to the millisecond and ends after the last retry', async () => {
    const { sent, delays, ends, states, run } = setUp();
    await run();
    expect(sent.map(({ at }) => at)).toEqual(DUE);
    expect(sent.map(({ retryNumber }) => retryNumber)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    const full = (count: number) => Array<number>(count).fill(MAX_DELAY);
    const rest = [8, 64, 512].map((seconds) => seconds * SECOND);
    expect(delays).toEqual([...rest, ...full(4), 496_000, ...full(36), 368_000]);
    expect(states()).toEqual([...Array(44).fill('queued'), 'failed']);
    const report = retryReport((ends.at(-1) as { error: unknown }).error);
    expect(report).toMatchObject({ gaveUp: 'max-retries' });
    expect(report?.attempts.map(({ sentAt }) => sentAt - START)).toEqual(DUE);
  });

  it.each([-SECOND, -1, 1, 20 * SECOND, HOUR])(
    'sends nothing early and keeps nothing longer than needed if the queue delivers %d ms late',
    async (late) => {
      const { sent, delays, run } = setUp({ late });
      await run();
      const waits = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
      expect(waits).toHaveLength(5);
      for (const [i, wait] of waits.entries()) {
        expect(wait).toBeGreaterThanOrEqual(8 ** (i + 1) * SECOND);
        // The delays of several hops do not add up.
        expect(wait).toBeLessThanOrEqual(8 ** (i + 1) * SECOND + Math.max(late, 0));
      }
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...delays)).toBeLessThanOrEqual(MAX_DELAY);
    },
  );
});

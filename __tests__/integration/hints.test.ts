// The option `hints`: what a service says beside Retry-After, heard by a request and by its gate.
import type { AxiosError, AxiosRequestConfig } from 'axios';
import axios, { AxiosError as HttpError } from 'axios';
import { milliseconds, seconds, verdict } from '../../src/hints/index.js';
import type { HintReader, RetryOptions, RetryReport, ServerAnswer } from '../../src/index.js';
import { attachRetry, exponentialBackoff, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { ManualGate } from '../support/manual-gate.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const START = Date.UTC(2030, 0, 1);
const servers: ScriptedServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function setUp(answers: Answer[], options: RetryOptions = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock(START);
  const api = axios.create({ baseURL: server.url });
  const onGiveUp = jest.fn((_report: RetryReport) => undefined);
  const handle = attachRetry(api, { clock, onGiveUp, ...options });
  /** Sends a request, lets every wait pass, and returns its response or error. */
  async function send(config: AxiosRequestConfig = {}) {
    const ending = api.request({ url: '/', ...config }).catch((error: AxiosError) => error);
    await clock.runAll();
    const value = await ending;
    return { value, report: retryReport(value), passed: clock.now() - START };
  }
  return { server, clock, api, handle, send, onGiveUp };
}

const answer = (status: number, headers: Record<string, string> = {}, body = ''): Answer => ({
  status,
  headers,
  body,
});
const never: HintReader = () => {
  throw new Error('asked');
};

describe('a hinted delay', () => {
  const hints = milliseconds('retry-after-ms');

  it('is waited for, as a Retry-After is', async () => {
    const { clock, handle, api } = await setUp([answer(429, { 'Retry-After-Ms': '812.5' }), 200], {
      hints,
    });
    const request = api.get('/');
    await clock.advance(0);
    expect(handle.waits).toMatchObject([{ status: 429, delay: 813, basis: 'retry-after' }]);
    await clock.runAll();
    expect((await request).status).toBe(200);
    expect(clock.now() - START).toBe(813);
  });

  it.each([
    ['1500', '2', 2000],
    ['2500', '2', 2500],
  ])(
    'of %s ms never shortens a Retry-After of %s s, nor the other way round',
    async (ms, s, delay) => {
      const headers = { 'Retry-After-Ms': ms, 'Retry-After': s };
      const { send } = await setUp([answer(429, headers), 200], { hints });
      expect((await send()).passed).toBe(delay);
    },
  );

  it('that is malformed is ignored', async () => {
    const { send } = await setUp([answer(429, { 'Retry-After-Ms': '-5' }), 200], { hints });
    expect((await send()).report).toMatchObject({ gaveUp: 'no-retry-after' });
  });

  it('that is too long is not begun, and the report says until when', async () => {
    const { send } = await setUp([answer(429, { 'Retry-After-Ms': '60000' })], {
      hints,
      maxDelay: 5000,
    });
    const { report } = await send();
    expect(report).toMatchObject({ gaveUp: 'max-delay', retryAt: START + 60_000 });
  });

  it('is a minimum for `decide` as well', async () => {
    const { send } = await setUp([answer(500, { 'Retry-After-Ms': '5000' }), 200], {
      hints,
      decide: () => ({ retry: true, delay: 10 }),
    });
    expect((await send()).passed).toBe(5000);
  });

  it('is heard from the longest of several readers', async () => {
    const several = [milliseconds('retry-after-ms'), seconds('x-wait')];
    const { send } = await setUp([answer(429, { 'Retry-After-Ms': '5000', 'X-Wait': '7' }), 200], {
      hints: several,
    });
    expect((await send()).passed).toBe(7000);
  });
});

describe('`retry: false`', () => {
  const hints = verdict('x-should-retry');

  it('ends the call with the reason hint, and onGiveUp is told', async () => {
    const { send, server, onGiveUp } = await setUp(
      [answer(503, { 'X-Should-Retry': 'false' }), 200],
      { hints },
    );
    expect((await send()).report).toMatchObject({ gaveUp: 'hint' });
    expect(server.requests).toHaveLength(1);
    expect(onGiveUp).toHaveBeenCalledTimes(1);
    expect(onGiveUp.mock.calls[0]?.[0]).toMatchObject({ gaveUp: 'hint' });
  });

  it('tells nobody of a status that is not retried anyway', async () => {
    const { send, onGiveUp } = await setUp([answer(404, { 'X-Should-Retry': 'false' })], { hints });
    expect((await send()).report).toMatchObject({ gaveUp: 'status' });
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('may be overridden by `decide`', async () => {
    const decide = jest.fn(() => ({ retry: true, delay: 10 }) as const);
    const { send } = await setUp([answer(503, { 'X-Should-Retry': 'false' }), 200], {
      hints,
      decide,
    });
    expect((await send()).value).toMatchObject({ status: 200 });
    expect(decide.mock.calls[0]).toMatchObject([{ retry: false, reason: 'hint' }, {}]);
  });
});

describe('`retry: true`', () => {
  const hints = [verdict('x-should-retry'), milliseconds('retry-after-ms')];

  it('retries a status that the table does not, after the delay or the backoff', async () => {
    const { send } = await setUp(
      [
        answer(409, { 'X-Should-Retry': 'true', 'Retry-After-Ms': '500' }),
        answer(409, { 'X-Should-Retry': 'true' }),
        200,
      ],
      { hints },
    );
    const { value, report } = await send();
    expect(value).toMatchObject({ status: 200 });
    expect(report?.attempts.map(({ delay }) => delay)).toEqual([500, 64_000, undefined]);
  });

  it('ends at the limits, and onGiveUp is told', async () => {
    const { send, onGiveUp } = await setUp([answer(409, { 'X-Should-Retry': 'true' })], {
      hints,
      maxRetries: 0,
    });
    expect((await send()).report).toMatchObject({ gaveUp: 'max-retries' });
    expect(onGiveUp).toHaveBeenCalledTimes(1);
  });
});

describe('readers', () => {
  it('get the answer: status, headers, the parsed body, and when it came', async () => {
    const hints = jest.fn((_answer: ServerAnswer) => undefined);
    const body = '{"error":{"code":"busy"}}';
    const { send } = await setUp(
      [answer(503, { 'X-Any': '1', 'Content-Type': 'application/json' }, body), 200],
      {
        hints,
      },
    );
    await send();
    expect(hints.mock.calls).toMatchObject([
      [{ status: 503, data: { error: { code: 'busy' } }, receivedAt: START }],
    ]);
    expect(hints.mock.calls[0]?.[0].headers).toMatchObject({ 'x-any': '1' });
  });

  it('are asked once for each failed attempt', async () => {
    const hints = jest.fn(() => ({ delay: 10 }));
    const { send } = await setUp([429, 429, 200], {
      hints,
      gate: new ManualGate(),
      decide: (one) => one,
    });
    await send();
    expect(hints).toHaveBeenCalledTimes(2);
  });

  it('are not asked about a success, nor about what Axios resolves', async () => {
    const { send } = await setUp([503, 200], { hints: never });
    expect((await send({ validateStatus: null })).value).toMatchObject({ status: 200 });
  });

  it('are not asked when there is no answer, or it is cut off', async () => {
    const cutOff: Answer = (_req, res) => {
      res.writeHead(200, { 'Content-Length': '10' }).write('half');
      setImmediate(() => res.destroy());
    };
    const hangUp: Answer = (req) => req.socket.destroy();
    const { send } = await setUp([hangUp, cutOff, 200], { hints: never, networkErrors: true });
    expect((await send()).value).toMatchObject({ status: 200 });
  });

  it('may be those of one request, which stand before the instance’s', async () => {
    const { send } = await setUp([429, 200], { hints: never });
    const hints = [() => ({ delay: 5 })];
    const { value, passed } = await send({ retry: { hints } });
    expect(value).toMatchObject({ status: 200 });
    expect(passed).toBe(5);
  });

  it('that are none reject the request unsent', async () => {
    const { send, server } = await setUp([200]);
    const { value } = await send({ retry: { hints: 'retry-after-ms' as never } });
    expect(value).toBeInstanceOf(TypeError);
    expect(server.requests).toHaveLength(0);
  });
});

describe('a reader that throws, or returns no hint,', () => {
  it.each<[string, HintReader, RegExp]>([
    ['throws', never, /^asked$/],
    ['returns a number', () => 5 as never, /the result of option "hints" takes .*; got 5; see /],
    [
      'is async',
      (async () => ({ delay: 5 })) as never,
      /option "hints" takes .*\[object Promise\]; see /,
    ],
  ])('fails the request, whose HTTP error is the cause: it %s', async (_what, hints, message) => {
    const { send, onGiveUp, handle } = await setUp([503], { hints });
    const { value } = await send();
    expect(value).toBeInstanceOf(Error);
    expect((value as Error).message).toMatch(message);
    expect((value as Error).cause).toBeInstanceOf(HttpError);
    expect((value as Error).cause).toMatchObject({ response: { status: 503 } });
    expect(handle.waits).toEqual([]);
    expect(onGiveUp).not.toHaveBeenCalled();
  });

  it('keeps no permit of a gate', async () => {
    const gate = new ManualGate();
    const { send } = await setUp([503], { hints: never, gate });
    await send();
    expect(gate.held.size).toBe(0);
    expect(gate.released).toHaveLength(1);
  });

  it('fails it after a retry, too', async () => {
    let asked = 0;
    const hints: HintReader = () => {
      asked += 1;
      if (asked === 2) throw new Error('later');
      return { delay: 10 };
    };
    const { send } = await setUp([429, 429], { hints });
    expect((await send()).value).toMatchObject({ message: 'later' });
  });
});

describe('a gate', () => {
  it.each<[object, number | undefined]>([
    [{ 'Retry-After-Ms': '5000' }, 5000],
    [{ 'Retry-After-Ms': '5000', 'Retry-After': '7' }, 7000],
    [{ 'Retry-After-Ms': '9000', 'Retry-After': '7' }, 9000],
    [{}, undefined],
  ])('is told the longer of Retry-After and the hint: %j', async (headers, retryAfter) => {
    const gate = new ManualGate();
    const { send } = await setUp([answer(503, headers as Record<string, string>), 200], {
      hints: milliseconds('retry-after-ms'),
      backoff: exponentialBackoff({ base: 10, factor: 1 }),
      gate,
    });
    await send();
    expect(gate.released[0]).toEqual({ status: 503, retryAfter });
  });
});

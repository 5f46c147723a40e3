// Which ends of a call are told to `onGiveUp` and reported, and which are successes.
import type { AxiosError, AxiosRequestConfig } from 'axios';
import axios from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import { createGate } from '../../src/gate/index.js';
import type { GiveUpReason, RetryDecision, RetryOptions, RetryReport } from '../../src/index.js';
import {
  attachRetry,
  defineStatusTable,
  platformStatusTable,
  retryCount,
  retryReport,
} from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer } from '../support/scripted-client.js';
import { START, setUp } from '../support/scripted-client.js';

const polling = defineStatusTable(
  [{ code: 200, name: 'OK', description: 'Not ready yet.', retry: 'backoff' }],
  { extends: platformStatusTable },
);

/** How a request ends: its status, the report, and what onGiveUp was told. */
async function endOf(answers: Answer[], options: RetryOptions) {
  const told: RetryReport[] = [];
  const onGiveUp = (report: RetryReport): void => void told.push(report);
  const { get, clock } = setUp(answers, { onGiveUp, ...options });
  const request = get().then(
    (response) => ({ ok: true, value: response as object, status: response.status }),
    (error: AxiosError) => ({ ok: false, value: error as object, status: error.status }),
  );
  await clock.runAll();
  const { ok, value, status } = await request;
  const report = retryReport(value);
  return { ok, status, report, told };
}

describe('a retry that decide wants and a limit refuses at the first attempt', () => {
  it.each<[GiveUpReason, RetryOptions]>([
    ['max-retries', { maxRetries: 0 }],
    ['max-delay', { maxDelay: 1 }],
    ['max-elapsed', { maxElapsed: 1 }],
    ['total-timeout', { totalTimeout: 1 }],
  ])('is told to onGiveUp: %s', async (reason, limit) => {
    const decide = () => ({ retry: true, delay: 1000 }) as const;
    const { told, report } = await endOf([404], { decide, ...limit });
    expect(told).toEqual([report]);
    expect(report?.gaveUp).toBe(reason);
  });

  it('is not told for a 404 that decide does not want', async () => {
    const decide = (decision: RetryDecision) => decision;
    expect((await endOf([404], { decide, maxRetries: 0 })).told).toEqual([]);
  });
});

describe('a response that Axios resolves', () => {
  it('is a success if decide lets it pass', async () => {
    const decide = () => ({ retry: false }) as const;
    const { ok, report, told } = await endOf([200], { table: polling, decide });
    expect([ok, told]).toEqual([true, []]);
    expect(report).toEqual({ attempts: [{ sentAt: START, status: 200 }] });
  });

  it('is a success if decide lets it pass after retries, also the last one', async () => {
    let asked = 0;
    const decide = (decision: RetryDecision) => {
      asked += 1;
      return asked === 3 ? ({ retry: false } as const) : decision;
    };
    const options = { table: polling, decide, maxRetries: 2 };
    const { report, told } = await endOf([200], options);
    expect(told).toEqual([]);
    expect(report).not.toHaveProperty('gaveUp');
    expect(report).not.toHaveProperty('retryAt');
    expect(report?.attempts.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('has given up if its retries are used up', async () => {
    const decide = (decision: RetryDecision) => decision;
    const { ok, report, told } = await endOf([200], { table: polling, decide, maxRetries: 1 });
    expect([ok, report?.gaveUp, told.length]).toEqual([true, 'max-retries', 1]);
  });
});

describe('onGiveUp', () => {
  it('always gets a reason, also where an interceptor ended the call', async () => {
    const told: string[] = [];
    const { api, clock, get } = setUp([503], {
      // Its type says that it is there.
      onGiveUp: ({ gaveUp }) => void told.push(gaveUp.toUpperCase()),
    });
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      if (sends === 2) throw new Error('no token');
      return config;
    });
    const request = failureOf(get());
    await clock.runAll();
    expect((await request).message).toBe('no token');
    expect(told).toEqual(['DECIDED']);
  });

  it.each(['detaches', 'throws'])(
    'does not count a retry that was not sent, because beforeRetry %s',
    async (how) => {
      const retries: number[] = [];
      const all = setUp([503], {
        beforeRetry: () => {
          if (how === 'throws') throw new Error('mine');
          all.handle.detach();
        },
        onGiveUp: (_, { config, retryNumber }) =>
          void retries.push(retryCount(config), retryNumber),
      });
      const error = await all.fail();
      const { config } = how === 'throws' ? (error.cause as AxiosError) : error;
      expect(retryCount(config)).toBe(0);
      expect(retries).toEqual(how === 'throws' ? [] : [0, 1]);
      expect(all.sent).toHaveLength(1);
    },
  );

  it.each([true, false])(
    'is told of a network error that can only happen again, if the option asks for those: %p',
    async (networkErrors) => {
      const told: unknown[] = [];
      const onGiveUp = ({ gaveUp }: RetryReport): void => void told.push(gaveUp);
      const { api, fail } = setUp([200], { networkErrors, onGiveUp });
      api.defaults.adapter = async (config) => {
        throw new axios.AxiosError('Redirected', 'ERR_FR_TOO_MANY_REDIRECTS', config);
      };
      expect(retryReport(await fail())?.gaveUp).toBe('network');
      expect(told).toEqual(networkErrors ? ['network'] : []);
    },
  );

  it('is told of any bad end after a retry, also one that another call has sent', async () => {
    const told: unknown[] = [];
    const { fail } = setUp([404], { onGiveUp: (report) => void told.push(report) });
    const progress = { retries: 1, firstSentAt: START - 8000 };
    const error = await fail({ 'axios-status-retry': progress } as AxiosRequestConfig);
    expect(told).toEqual([retryReport(error)]);
  });

  it.each<[string, boolean, Error]>([
    ['also where an interceptor held the answer until after an abort', true, new Error('mine')],
    ['also a CanceledError, without an abort', false, new axios.CanceledError('mine')],
  ])('fails the request with what it throws, %s', async (_, isAborted, thrown) => {
    const controller = new AbortController();
    const { api, clock, get } = setUp([429]);
    api.interceptors.response.use(undefined, (error) => {
      if (isAborted) controller.abort();
      throw error;
    });
    const onGiveUp = (): never => {
      throw thrown;
    };
    attachRetry(api, { clock, onGiveUp });
    expect(await failureOf(get({ signal: controller.signal }))).toBe(thrown);
  });

  it('is not waited for where an interceptor held the answer until after an abort', async () => {
    const controller = new AbortController();
    const { api, clock, get } = setUp([429]);
    api.interceptors.response.use(undefined, (error) => {
      controller.abort();
      throw error;
    });
    attachRetry(api, { clock, onGiveUp: () => new Promise<never>(() => undefined) });
    expect((await failureOf(get({ signal: controller.signal }))).status).toBe(429);
  });

  it('stands when onRetry rejects after the wait was cancelled', async () => {
    const told: unknown[] = [];
    const { clock, handle, get } = setUp([503], {
      onRetry: () => new Promise((_, reject) => setImmediate(() => reject(new Error('late')))),
      onGiveUp: ({ gaveUp }) => void told.push(gaveUp),
    });
    const request = failureOf(get());
    handle.subscribe(() => handle.waits[0]?.cancel());
    await clock.advance(0);
    const error = await request;
    expect(error.status).toBe(503);
    expect(retryReport(error)?.gaveUp).toBe('canceled');
    expect(told).toEqual(['canceled']);
  });
});

describe('retryAt of a report', () => {
  const ra = (seconds: number, status = 429): Answer => ({ status, retryAfter: String(seconds) });
  it.each<[GiveUpReason, Answer, RetryOptions, number | undefined]>([
    ['max-delay', ra(60), { maxDelay: 59_000 }, 60_000],
    ['max-elapsed', 503, { maxElapsed: 7999 }, 8000],
    ['total-timeout', 503, { totalTimeout: 7999 }, 8000],
    ['max-retries', ra(60), { maxRetries: 0 }, 60_000],
    ['max-retries', 503, { maxRetries: 0 }, undefined],
    ['method', ra(60, 503), { methods: ['POST'] }, 60_000],
    ['decided', 503, { decide: () => ({ retry: false }) }, 8000],
    ['budget', 503, { budget: { withdraw: () => false, deposit: () => undefined } }, 8000],
    ['no-retry-after', 429, {}, undefined],
    ['status', ra(60, 403), {}, undefined],
    ['max-delay', 503, { backoff: () => Number.POSITIVE_INFINITY }, undefined],
  ])(
    'says when the request could be sent again: %s, %p',
    async (reason, answer, options, after) => {
      const { report } = await endOf([answer], options);
      expect(report?.gaveUp).toBe(reason);
      expect(report?.retryAt).toBe(after && START + after);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    },
  );

  it('is that of the ticket where a wait is handed over, at a gate too, but not of one that has begun', async () => {
    const deferral = createDeferral({ save: () => undefined });
    const { api, clock, get } = setUp([503], { maxDelay: 60_000, deferral, gate: createGate() });
    api.defaults.baseURL = 'https://api.example';
    const requests = [failureOf(get())];
    await clock.advance(1000);
    requests.push(failureOf(get({ retry: { maxDelay: 1 } })));
    await clock.advance(0);
    await deferral.suspend();
    const reports = (await Promise.all(requests)).map(retryReport);
    expect(reports.map((report) => [report?.gaveUp, report?.retryAt])).toEqual([
      ['deferred', undefined],
      ['deferred', START + 8000],
    ]);
  });

  it('is not there after a success', async () => {
    expect((await endOf([503, 200], {})).report).not.toHaveProperty('retryAt');
  });
});

describe('state', () => {
  it('is one object in all hooks and attempts of a call, and another in the next call', async () => {
    const states = new Set<object>();
    const keep = (_: unknown, { state }: { state: Record<string, unknown> }): void => {
      states.add(state);
      state.calls = Number(state.calls ?? 0) + 1;
    };
    const { get, clock } = setUp([503], {
      maxRetries: 2,
      decide: (decision, context) => {
        keep(decision, context);
        return decision;
      },
      onRetry: keep,
      beforeRetry: keep,
      onGiveUp: keep,
    });
    for (let i = 0; i < 2; i += 1) {
      const request = failureOf(get());
      await clock.runAll();
      await request;
    }
    expect([...states]).toEqual([{ calls: 8 }, { calls: 8 }]);
  });
});

describe('backoff', () => {
  it('is asked with the failed attempt and the wait before it', async () => {
    const asked: unknown[] = [];
    const { get, clock } = setUp([503, { status: 503, retryAfter: '9' }, 200], {
      backoff: (retryNumber, { status, previousDelay, headers }) => {
        asked.push([retryNumber, status, previousDelay, { ...headers }]);
        return 100 * retryNumber;
      },
    });
    const request = get();
    await clock.runAll();
    await request;
    expect(asked).toEqual([
      [1, 503, undefined, {}],
      [2, 503, 100, { 'retry-after': '9' }],
    ]);
  });
});

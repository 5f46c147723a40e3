// What a deadline does to one attempt after another. `integration/total-timeout.test.ts` has what users see of it.
import { EventEmitter, getEventListeners } from 'node:events';
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import { Deadline } from '../../src/core/deadline.js';
import type { Outcome } from '../../src/request/outcome.js';
import { createTestClock } from '../../src/testing/index.js';
import { TimerQueue } from '../../src/wait/timer-queue.js';
import { WaitList } from '../../src/wait/wait-list.js';

type Config = InternalAxiosRequestConfig;

/** A stream of which only the end matters; `closed` once it is over. */
class Body extends EventEmitter {
  closed = false;
  pipe(): void {}

  close(): void {
    this.closed = true;
    this.emit('close');
  }
}

/** A deadline of 1 s, and the caller's signal that its attempts have; or another one with the same signal. */
function setUp(caller = new AbortController(), waits?: WaitList) {
  const clock = createTestClock();
  const owner = {
    deadlines: new TimerQueue(clock, () => undefined),
    waits: waits ?? new WaitList(clock),
  };
  const deadline = new Deadline(clock.now() + 1000, owner);
  /** Begins an attempt, whose own signal the deadline replaces. */
  function guard(config: Partial<Config> = {}): Config {
    const attempt: Config = { headers: new AxiosHeaders(), signal: caller.signal, ...config };
    deadline.guard(attempt);
    return attempt;
  }
  /** The attempt's adapter stops listening, as Axios does when the body is over. */
  const leave = (signal: Config['signal']): void => signal?.removeEventListener?.('abort', () => 0);
  const receive = (config: Config, data: unknown): void =>
    deadline.receive(responseWith(config, data));
  const watchers = () => getEventListeners(caller.signal, 'abort').length;
  return { ...owner, clock, deadline, caller, guard, leave, receive, watchers };
}

const responseWith = (config: Config, data: unknown): Outcome => ({
  ok: true,
  value: { status: 200, statusText: '', headers: {}, config, data },
});

const isAborted = ({ signal }: Config) => signal?.aborted;

describe('the signal of an attempt', () => {
  it('is aborted when the time is over, and from the start afterwards', async () => {
    const { clock, deadline, guard } = setUp();
    const config = guard();
    await clock.advance(999);
    expect([isAborted(config), deadline.signal.aborted]).toEqual([false, false]);
    await clock.advance(1);
    expect([isAborted(config), deadline.signal.aborted]).toEqual([true, true]);
    expect(isAborted(guard())).toBe(true);
  });

  it('is aborted with the caller’s, for the same reason, but the deadline’s own is not', () => {
    const { deadline, caller, guard } = setUp();
    const config = guard();
    caller.abort('changed my mind');
    expect(config.signal).toMatchObject({ aborted: true, reason: 'changed my mind' });
    expect(deadline.signal.aborted).toBe(false);
  });

  it('is aborted with the caller’s also when its adapter has stopped listening before the answer', () => {
    const { caller, guard, leave } = setUp();
    const config = guard();
    leave(config.signal);
    caller.abort();
    expect(isAborted(config)).toBe(true);
  });

  it('is aborted with the caller’s though the abort ends another attempt first', () => {
    const all = [setUp()];
    const [{ caller, waits }] = all as [ReturnType<typeof setUp>];
    all.push(setUp(caller, waits), setUp(caller, waits));
    const [first, second, third] = all.map(({ guard }) => guard());
    first?.signal?.addEventListener?.('abort', () => all[1]?.receive(second as Config, 'body'));
    caller.abort();
    expect(third?.signal?.aborted).toBe(true);
  });

  it('is put back after each attempt, unless another has taken its place', () => {
    const { caller, guard, receive } = setUp();
    const config = guard();
    receive(config, 'body');
    expect(config.signal).toBe(caller.signal);
    const replaced = guard();
    const { signal } = new AbortController();
    replaced.signal = signal;
    receive(replaced, 'body');
    expect(replaced.signal).toBe(signal);
  });
});

describe('the transforms of an attempt', () => {
  const own: AxiosRequestTransformer = (data) => data;

  it.each<[string, Partial<Config>, AxiosRequestTransformer[]]>([
    ['none', {}, []],
    ['one', { transformRequest: own }, [own]],
    ['several', { transformRequest: [own, own] }, [own, own]],
  ])('run first, and stand alone again afterwards: %s', (_, given, expected) => {
    const { guard, receive } = setUp();
    const config = guard(given);
    expect(config.transformRequest).toEqual([...expected, expect.any(Function)]);
    receive(config, 'body');
    expect(config.transformRequest).toEqual(expected);
  });
});

describe('an unread body', () => {
  it('keeps the caller’s abort in force until it is closed, also after the call', () => {
    const { deadline, guard, receive, watchers } = setUp();
    const body = new Body();
    receive(guard(), body);
    deadline.stop();
    expect(watchers()).toBe(1);
    body.close();
    expect(watchers()).toBe(0);
  });

  it('keeps it in force until Axios stops listening', () => {
    const { guard, leave, receive, watchers } = setUp();
    const config = guard();
    const { signal } = config;
    receive(config, { getReader: () => 0 });
    expect(watchers()).toBe(1);
    leave(signal);
    expect(watchers()).toBe(0);
  });

  it.each(['is closed', 'is no longer listened for'])(
    'that %s when the answer arrives leaves nothing to abort',
    (how) => {
      const { guard, leave, receive, watchers } = setUp();
      const [config, body] = [guard(), new Body()];
      if (how === 'is closed') body.close();
      else leave(config.signal);
      receive(config, body);
      expect(watchers()).toBe(0);
    },
  );

  it('of an earlier attempt does not end the watch of the next one', () => {
    const { caller, guard, receive, watchers } = setUp();
    const bodies = [new Body(), new Body()] as const;
    receive(guard(), bodies[0]);
    const config = guard();
    const { signal } = config;
    receive(config, bodies[1]);
    bodies[0].close();
    expect(watchers()).toBe(1);
    caller.abort();
    expect(signal?.aborted).toBe(true);
  });

  it.each([undefined, null, 'text', { pipe: 'no stream' }])(
    'is not one that is there already: %p',
    (data) => {
      const { guard, receive, watchers } = setUp();
      receive(guard(), data);
      expect(watchers()).toBe(0);
    },
  );
});

describe('a call that ends', () => {
  it('leaves no timer and no listener', async () => {
    const { clock, deadline, guard, watchers } = setUp();
    guard();
    deadline.stop();
    const start = clock.now();
    await clock.runAll();
    expect([clock.now() - start, watchers()]).toEqual([0, 0]);
  });

  it('with an outcome of no config leaves none either', () => {
    const { deadline, guard, watchers } = setUp();
    guard();
    deadline.receive({ ok: false, value: new Error('mine') as never });
    expect(watchers()).toBe(0);
  });
});

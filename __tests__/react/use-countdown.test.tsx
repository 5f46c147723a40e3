/**
 * useCountdown: the time left of a wait, in a component.
 *
 * @jest-environment jsdom
 */
import { act, render, renderHook, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { StrictMode, startTransition, useLayoutEffect } from 'react';
import { createGate } from '../../src/gate/index.js';
import type { Clock, RetryHandle } from '../../src/index.js';
import type { CountdownOptions } from '../../src/react/index.js';
import { useCountdown, useRetryWaits } from '../../src/react/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { setUp } from '../support/scripted-client.js';
import { setVisibility } from '../support/shown-page.js';
import { stubClock } from '../support/stub-server.js';

const START = Date.UTC(2030, 0, 1);

type Wait = Parameters<typeof useCountdown>[0];

/** A wait that begins now. */
const waitOf = (delay: number) => ({ dueAt: START + delay, delay });

/** Renders a countdown on a test clock that counts its timers, and notes every number that is rendered. */
function count(
  wait: Wait,
  options: CountdownOptions & {
    readonly wrapper?: (props: { children: ReactNode }) => ReactNode;
  } = {},
) {
  const { wrapper, ...given } = options;
  const clock = stubClock(START);
  const rendered: number[] = [];
  const hook = renderHook(
    (wait: Wait) => {
      const left = useCountdown(wait, { clock, ...given });
      rendered.push(left);
      return left;
    },
    { initialProps: wait, ...(wrapper && { wrapper }) },
  );
  const pass = (ms: number) => act(() => clock.advance(ms));
  return { ...hook, clock, rendered, pass };
}

afterEach(() => setVisibility('visible'));

describe('useCountdown', () => {
  it('renders once per second, at the seconds of the wait', async () => {
    const { rendered, pass } = count(waitOf(2500));
    await pass(499);
    expect(rendered).toEqual([3000]);
    await pass(1);
    expect(rendered).toEqual([3000, 2000]);
    await pass(999);
    expect(rendered).toEqual([3000, 2000]);
    await pass(1);
    expect(rendered).toEqual([3000, 2000, 1000]);
    await pass(1000);
    expect(rendered).toEqual([3000, 2000, 1000, 0]);
  });

  it('stops at 0 and has no timer then', async () => {
    const { rendered, clock, pass } = count(waitOf(1000));
    await pass(1000);
    expect([rendered, clock.timers.size]).toEqual([[1000, 0], 0]);
    await pass(60_000);
    expect(rendered).toEqual([1000, 0]);
  });

  it('is 0 from the start for a wait that is over, without a timer', () => {
    const { result, clock } = count(waitOf(-5000));
    expect([result.current, clock.timers.size]).toEqual([0, 0]);
  });

  it('is 0 without a wait, and counts once there is one', async () => {
    const { result, clock, rerender, pass } = count(undefined);
    expect([result.current, clock.timers.size]).toEqual([0, 0]);
    rerender(waitOf(3000));
    expect(result.current).toBe(3000);
    await pass(1000);
    expect(result.current).toBe(2000);
    rerender(undefined);
    expect([result.current, clock.timers.size]).toEqual([0, 0]);
  });

  it('counts in the steps of the option interval', async () => {
    const { rendered, pass } = count(waitOf(1000), { interval: 250 });
    for (let i = 0; i < 10; i++) await pass(100);
    expect(rendered).toEqual([1000, 750, 500, 250, 0]);
  });

  it.each([0, -1, Number.NaN])('refuses an interval of %d', (interval) => {
    jest.spyOn(console, 'error').mockReturnValue();
    expect(() => count(waitOf(1000), { interval })).toThrow(
      new RangeError(
        `axios-status-retry: interval takes milliseconds, more than 0; got ${interval}`,
      ),
    );
  });

  it('follows a `dueAt` that moves, later or sooner', async () => {
    const { result, clock, rerender, pass } = count(waitOf(3000));
    await pass(1000);
    rerender({ ...waitOf(9500), delay: 3000 });
    expect(result.current).toBe(9000);
    await pass(500);
    expect(result.current).toBe(8000);
    rerender({ ...waitOf(2000), delay: 3000 });
    expect([result.current, clock.timers.size]).toEqual([1000, 1]);
  });

  it('does not begin anew when the same wait is another object', async () => {
    const { clock, rerender } = count(waitOf(3000));
    const [timer] = clock.timers;
    rerender(waitOf(3000));
    expect([...clock.timers]).toEqual([timer]);
  });

  it('leaves no timer and no listener behind', () => {
    const add = jest.spyOn(document, 'addEventListener');
    const remove = jest.spyOn(document, 'removeEventListener');
    const { clock, unmount } = count(waitOf(3000));
    expect(clock.timers.size).toBe(1);
    unmount();
    expect(clock.timers.size).toBe(0);
    const of = (calls: unknown[][]) => calls.filter(([type]) => type === 'visibilitychange').length;
    expect(of(add.mock.calls)).toBe(1);
    expect(of(remove.mock.calls)).toBe(1);
  });

  it('has one timer under StrictMode, and goes on', async () => {
    const { result, clock, pass } = count(waitOf(3000), { wrapper: StrictMode });
    expect(clock.timers.size).toBe(1);
    await pass(1000);
    expect([result.current, clock.timers.size]).toEqual([2000, 1]);
  });

  it('counts by the system’s clock unless it gets another', () => {
    jest.useFakeTimers({ now: START });
    const { result, unmount } = renderHook(() => useCountdown(waitOf(3000)));
    act(() => jest.advanceTimersByTime(1000));
    expect(result.current).toBe(2000);
    unmount();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('is right after a machine slept, though its timers stood still', () => {
    jest.useFakeTimers({ now: START });
    const wait = waitOf(3_600_000);
    const { result } = renderHook(() => useCountdown(wait, { interval: 60_000 }));
    jest.setSystemTime(START + 1_800_000);
    act(() => jest.advanceTimersByTime(15_000));
    expect(result.current).toBe(1_800_000);
    jest.useRealTimers();
  });

  it('does not render before the number changes, though its timer is early', async () => {
    const early = { ...createTestClock(START), maxTimeout: 100 };
    let renders = 0;
    renderHook(() => {
      renders += 1;
      return useCountdown(waitOf(2000), { clock: early });
    });
    await act(() => early.advance(900));
    expect(renders).toBe(1);
  });
});

describe('a hidden page', () => {
  it('does not tick, and is right at once when it is shown again', async () => {
    const { rendered, clock, pass } = count(waitOf(10_000));
    act(() => setVisibility('hidden'));
    expect(clock.timers.size).toBe(0);
    await pass(5500);
    expect(rendered).toEqual([10_000]);
    act(() => setVisibility('visible'));
    expect(rendered).toEqual([10_000, 5000]);
    await pass(500);
    expect(rendered).toEqual([10_000, 5000, 4000]);
  });

  it('has no timer for a countdown that begins there', () => {
    act(() => setVisibility('hidden'));
    const { clock } = count(waitOf(10_000));
    expect(clock.timers.size).toBe(0);
    act(() => setVisibility('visible'));
    expect(clock.timers.size).toBe(1);
  });
});

function Left({ wait, clock, onCommit }: { wait: Wait; clock: Clock; onCommit?: () => void }) {
  useLayoutEffect(() => onCommit?.());
  return <b role="timer">{useCountdown(wait, { clock })}</b>;
}

describe('two countdowns of one wait', () => {
  it('show the same number, though the second begins later', async () => {
    const clock = stubClock(START);
    const wait = waitOf(3000);
    const one = renderHook(() => useCountdown(wait, { clock }));
    await act(() => clock.advance(700));
    const other = renderHook(() => useCountdown(wait, { clock }));
    for (let i = 0; i < 30; i++) {
      expect(other.result.current).toBe(one.result.current);
      await act(() => clock.advance(100));
    }
  });

  it('show the same number when a second passes while React renders', async () => {
    let now = START;
    const clock = { ...stubClock(START), now: () => now };
    const { container, rerender } = render(null);
    const committed = new Set<string | null>();
    const given = {
      wait: waitOf(3000),
      clock,
      onCommit: () => void committed.add(container.textContent),
    };
    const pass = () => {
      now = START + 1500;
    };
    await act(async () =>
      startTransition(() =>
        rerender([
          <Left key="1" {...given} />,
          <Slow key="2" work={pass} />,
          <Left key="3" {...given} />,
        ]),
      ),
    );
    expect([...committed]).toEqual(['20002000']);
  });
});

/** Time passes while it renders. */
function Slow({ work }: { work: () => void }) {
  work();
  return null;
}

describe('a fast clock', () => {
  it('does not make React render for ever', () => {
    let now = START;
    /** A second passes between any two looks at it. */
    function lookAtClock(): number {
      now += 1000;
      return now;
    }
    const clock = { ...stubClock(START), now: lookAtClock };
    // React sees in each render that the number has changed, and says so once.
    jest.spyOn(console, 'error').mockReturnValue();
    let renders = 0;
    renderHook(() => {
      renders += 1;
      return useCountdown(waitOf(3_600_000), { clock });
    });
    expect(renders).toBeLessThan(5);
  });
});

function Waits({ handle, clock }: { handle: RetryHandle; clock: Clock }) {
  return useRetryWaits(handle).map((wait) => <Left key={wait.id} wait={wait} clock={clock} />);
}

describe('a wait of the plugin', () => {
  it('is counted down from its beginning to its end', async () => {
    const { handle, clock, get } = setUp([503, 200]);
    render(<Waits handle={handle} clock={clock} />);
    const request = get();
    const seen: (string | null | undefined)[] = [];
    for (let second = 0; second <= 8; second++) {
      await act(() => clock.advance(second === 0 ? 0 : 1000));
      seen.push(screen.queryByRole('timer')?.textContent);
    }
    const numbers = ['8000', '7000', '6000', '5000', '4000', '3000', '2000', '1000'];
    expect(seen).toEqual([...numbers, undefined]);
    await request;
  });

  it('at a gate is counted to the new time when the gate closes again', async () => {
    const answers = [
      { status: 429, retryAfter: '5' },
      { status: 429, retryAfter: '20' },
    ];
    const { handle, clock, get } = setUp([...answers, 200], { gate: createGate() });
    render(<Waits handle={handle} clock={clock} />);
    const requests = [get()];
    await act(() => clock.advance(1000));
    requests.push(get());
    await act(() => clock.advance(0));
    const shown = () => screen.getAllByRole('timer').map(({ textContent }) => textContent);
    expect(shown()).toEqual(['4000', '4000']);
    await act(() => clock.advance(4000));
    expect(handle.waits.some(({ basis }) => basis === 'gate')).toBe(true);
    expect(shown()).toEqual(['20000', '20000']);
    await act(() => clock.runAll());
    await Promise.all(requests);
  });
});

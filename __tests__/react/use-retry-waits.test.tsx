/**
 * useRetryWaits: the waits of a handle, in a component.
 *
 * @jest-environment jsdom
 */
import { act, renderHook } from '@testing-library/react';
import { StrictMode } from 'react';
import { useRetryWaits } from '../../src/react/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

type Handle = Parameters<typeof useRetryWaits>[0];

/** The urls that wait, and how often the component has rendered. */
function render(initialProps: { handle: Handle }, wrapper?: typeof StrictMode) {
  let renders = 0;
  const options = { initialProps, ...(wrapper && { wrapper }) };
  const hook = renderHook(({ handle }: { handle: Handle }) => {
    renders += 1;
    return useRetryWaits(handle);
  }, options);
  return { ...hook, renders: () => renders };
}

/** A client whose first request waits for 8 s. */
function client() {
  const { handle, clock, get } = setUp([503]);
  const pass = (ms: number) => act(() => clock.advance(ms));
  return { handle, get, pass };
}

describe('useRetryWaits', () => {
  it('renders when a wait begins and when it ends', async () => {
    const { handle, get, pass } = client();
    const { result } = render({ handle });
    expect(result.current).toEqual([]);
    const request = get({ retry: { maxRetries: 1 } }).catch((error) => error);
    await pass(0);
    expect(result.current).toEqual([expect.objectContaining({ status: 503, delay: 8000 })]);
    expect(result.current).toBe(handle.waits);
    await pass(8000);
    expect(result.current).toEqual([]);
    expect((await request).status).toBe(503);
  });

  it('renders once for all changes of a moment', async () => {
    const { handle, get, pass } = client();
    const { result, renders } = render({ handle });
    const requests = [get(), get(), get()].map((request) => failureOf(request));
    await pass(0);
    expect([result.current.length, renders()]).toEqual([3, 2]);
    handle.detach();
    await pass(0);
    expect([result.current.length, renders()]).toEqual([0, 3]);
    await Promise.all(requests);
  });

  it('has no waits without a handle', () => {
    const { result, rerender } = render({ handle: undefined });
    const first = result.current;
    expect(first).toEqual([]);
    expect(Object.isFrozen(first)).toBe(true);
    rerender({ handle: undefined });
    expect(result.current).toBe(first);
  });

  it('follows another handle, and no longer the first', async () => {
    const [one, other] = [client(), client()];
    const { result, rerender, renders } = render({ handle: one.handle });
    void failureOf(one.get());
    await one.pass(0);
    rerender({ handle: other.handle });
    expect(result.current).toEqual([]);
    void failureOf(other.get());
    await other.pass(0);
    expect(result.current).toBe(other.handle.waits);
    const before = renders();
    one.handle.detach();
    await one.pass(0);
    expect(renders()).toBe(before);
    rerender({ handle: undefined });
    expect(result.current).toEqual([]);
    await act(async () => other.handle.detach());
  });

  it('leaves no listener behind, under StrictMode too', () => {
    const { handle } = client();
    const listeners = new Set<() => void>();
    const counted: Handle = {
      waits: handle.waits,
      subscribe(listener) {
        const own = () => listener();
        listeners.add(own);
        return () => listeners.delete(own);
      },
    };
    const { unmount } = render({ handle: counted }, StrictMode);
    expect(listeners.size).toBe(1);
    unmount();
    expect(listeners.size).toBe(0);
  });
});

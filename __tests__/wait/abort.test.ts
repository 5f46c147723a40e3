import { getEventListeners } from 'node:events';
import axios from 'axios';
import type { Abortable } from '../../src/wait/abort.js';
import { AbortWatchers, isAborted } from '../../src/wait/abort.js';

function watcherOf(abortable: Abortable) {
  return { abortable, aborted: jest.fn() };
}

function listenersOn(source: Abortable['signal'] | Abortable['cancelToken']): number {
  if (source instanceof EventTarget) return getEventListeners(source, 'abort').length;
  return (source as { _listeners?: unknown[] })._listeners?.length ?? 0;
}

/** A cancel token notifies its listeners some microtasks later. */
async function told(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await undefined;
}

/** Signals and cancel tokens behind one interface. */
const kinds: [
  string,
  () => { abortable: Abortable; abort(): Promise<void>; listeners(): number },
][] = [
  [
    'signal',
    () => {
      const controller = new AbortController();
      const { signal } = controller;
      const abort = async () => controller.abort();
      return { abortable: { signal }, abort, listeners: () => listenersOn(signal) };
    },
  ],
  [
    'cancel token',
    () => {
      const { token, cancel } = axios.CancelToken.source();
      return {
        abortable: { cancelToken: token },
        abort: async () => {
          cancel();
          await told();
        },
        listeners: () => listenersOn(token),
      };
    },
  ],
];

describe.each(kinds)('isAborted by a %s', (_, create) => {
  it('tells whether it was aborted', async () => {
    const { abortable, abort } = create();
    expect(isAborted(abortable)).toBe(false);
    await abort();
    expect(isAborted(abortable)).toBe(true);
  });
});

describe('isAborted', () => {
  it.each([{}, { signal: undefined }, { signal: undefined, cancelToken: undefined }])(
    'is false for %p, which cannot be aborted',
    (abortable) => {
      expect(isAborted(abortable)).toBe(false);
    },
  );

  it.each(['signal', 'token'])('is true if only the %s of two is aborted', (which) => {
    const controller = new AbortController();
    const { token, cancel } = axios.CancelToken.source();
    if (which === 'signal') controller.abort();
    else cancel();
    expect(isAborted({ signal: controller.signal, cancelToken: token })).toBe(true);
  });
});

describe("an attempt's own signal", () => {
  const timedOut = AbortSignal.abort(new DOMException('late', 'TimeoutError'));

  it('aborts the request, unless it has timed out', () => {
    expect(isAborted({ attempt: { signal: AbortSignal.abort() } })).toBe(true);
    expect(isAborted({ attempt: { signal: timedOut } })).toBe(false);
    expect(isAborted({ attempt: {} })).toBe(false);
    expect(isAborted({ signal: timedOut })).toBe(true);
    expect(isAborted({ deadline: timedOut })).toBe(true);
    expect(isAborted({ deadline: new AbortController().signal })).toBe(false);
  });

  it('aborts the request if it is a cancel token, or a signal without a reason', () => {
    const { token, cancel } = axios.CancelToken.source();
    cancel();
    expect(isAborted({ attempt: { cancelToken: token } })).toBe(true);
    expect(isAborted({ attempt: { signal: { aborted: true } } })).toBe(true);
  });

  it("does not end the wait after it by its time-out, as the request's own signal does", () => {
    const late = new DOMException('late', 'TimeoutError');
    const [own, ofAttempt] = [new AbortController(), new AbortController()];
    const aborts = new AbortWatchers();
    const watcher = watcherOf({ signal: own.signal, attempt: { signal: ofAttempt.signal } });
    aborts.watch(watcher);
    ofAttempt.abort(late);
    expect(watcher.aborted).not.toHaveBeenCalled();
    own.abort(late);
    expect(watcher.aborted).toHaveBeenCalledTimes(1);
  });
});

describe.each(kinds)('a shared %s', (_, create) => {
  it('has one listener for many waiters, and notifies each once', async () => {
    const { abortable, abort, listeners } = create();
    const before = listeners();
    const aborts = new AbortWatchers();
    const watchers = Array.from({ length: 1000 }, () => watcherOf(abortable));
    for (const watcher of watchers) aborts.watch(watcher);
    expect(listeners()).toBe(before + 1);
    await abort();
    await abort();
    for (const { aborted } of watchers) expect(aborted).toHaveBeenCalledTimes(1);
  });

  it('loses its listener with the last waiter, and gets a new one for the next', async () => {
    const { abortable, abort, listeners } = create();
    const before = listeners();
    const aborts = new AbortWatchers();
    const watchers = [watcherOf(abortable), watcherOf(abortable)];
    for (let round = 0; round < 3; round += 1) {
      for (const watcher of watchers) aborts.watch(watcher);
      for (const watcher of watchers) {
        expect(listeners()).toBe(before + 1);
        aborts.unwatch(watcher);
      }
      expect(listeners()).toBe(before);
    }
    await abort();
    for (const { aborted } of watchers) expect(aborted).not.toHaveBeenCalled();
  });

  it('has no listener after the abort', async () => {
    const { abortable, abort, listeners } = create();
    const before = listeners();
    const aborts = new AbortWatchers();
    const watchers = [watcherOf(abortable), watcherOf(abortable)];
    for (const watcher of watchers) aborts.watch(watcher);
    await abort();
    expect(listeners()).toBeLessThanOrEqual(before);
    for (const watcher of watchers) aborts.unwatch(watcher);
    expect(listeners()).toBeLessThanOrEqual(before);
  });

  it('does not notify a waiter that left', async () => {
    const { abortable, abort } = create();
    const aborts = new AbortWatchers();
    const [left, stayed] = [watcherOf(abortable), watcherOf(abortable)];
    aborts.watch(left);
    aborts.watch(stayed);
    aborts.unwatch(left);
    await abort();
    expect(left.aborted).not.toHaveBeenCalled();
    expect(stayed.aborted).toHaveBeenCalledTimes(1);
  });

  it('ignores a waiter that leaves twice or was never there', async () => {
    const { abortable, abort, listeners } = create();
    const aborts = new AbortWatchers();
    const [one, other] = [watcherOf(abortable), watcherOf(abortable)];
    aborts.unwatch(one);
    aborts.watch(one);
    aborts.watch(other);
    const during = listeners();
    aborts.unwatch(one);
    aborts.unwatch(one);
    aborts.unwatch(watcherOf(abortable));
    expect(listeners()).toBe(during);
    await abort();
    expect(other.aborted).toHaveBeenCalledTimes(1);
  });

  it('gets no listener if it was aborted before', async () => {
    const { abortable, abort, listeners } = create();
    await abort();
    const before = listeners();
    const aborts = new AbortWatchers();
    const watcher = watcherOf(abortable);
    aborts.watch(watcher);
    aborts.unwatch(watcher);
    expect(listeners()).toBeLessThanOrEqual(before);
  });

  it('can be watched again by a waiter that is being notified', async () => {
    const { abortable, abort, listeners } = create();
    const before = listeners();
    const aborts = new AbortWatchers();
    const late = watcherOf(abortable);
    const watcher = watcherOf(abortable);
    watcher.aborted.mockImplementation(() => {
      aborts.unwatch(watcher);
      aborts.watch(late);
      aborts.unwatch(late);
    });
    aborts.watch(watcher);
    await abort();
    expect(watcher.aborted).toHaveBeenCalledTimes(1);
    expect(listeners()).toBeLessThanOrEqual(before);
  });
});

describe('Aborts', () => {
  it('listens to a signal and a cancel token at once, and leaves both when one is aborted', async () => {
    for (const which of ['signal', 'token']) {
      const controller = new AbortController();
      const { token, cancel } = axios.CancelToken.source();
      const before = listenersOn(token);
      const aborts = new AbortWatchers();
      const watcher = watcherOf({ signal: controller.signal, cancelToken: token });
      watcher.aborted.mockImplementation(() => aborts.unwatch(watcher));
      aborts.watch(watcher);
      expect([listenersOn(controller.signal), listenersOn(token)]).toEqual([1, before + 1]);
      if (which === 'signal') controller.abort();
      else cancel();
      await told();
      controller.abort();
      expect(watcher.aborted).toHaveBeenCalledTimes(1);
      expect(listenersOn(controller.signal)).toBe(0);
      expect(listenersOn(token)).toBeLessThanOrEqual(before);
    }
  });

  it('keeps different signals apart', () => {
    const controllers = [new AbortController(), new AbortController()] as const;
    const aborts = new AbortWatchers();
    const watchers = controllers.map(({ signal }) => watcherOf({ signal }));
    for (const watcher of watchers) aborts.watch(watcher);
    controllers[0].abort();
    expect(watchers.map(({ aborted }) => aborted.mock.calls.length)).toEqual([1, 0]);
    expect(listenersOn(controllers[1].signal)).toBe(1);
  });

  it('does nothing for a request that cannot be aborted', () => {
    const aborts = new AbortWatchers();
    const watcher = watcherOf({ signal: undefined });
    aborts.watch(watcher);
    aborts.unwatch(watcher);
    expect(watcher.aborted).not.toHaveBeenCalled();
  });

  it('accepts a signal without addEventListener, like Axios', () => {
    const aborts = new AbortWatchers();
    const watcher = watcherOf({ signal: { aborted: false } });
    aborts.watch(watcher);
    expect(() => aborts.unwatch(watcher)).not.toThrow();
  });

  it('watches nothing for a request with a signal that cannot be listened to', () => {
    const { signal } = new AbortController();
    const broken = {
      aborted: false,
      addEventListener: () => {
        throw new Error('broken');
      },
    };
    const aborts = new AbortWatchers();
    const watcher = watcherOf({ signal, attempt: { signal: broken } });
    expect(() => aborts.watch(watcher)).toThrow('broken');
    expect(listenersOn(signal)).toBe(0);
  });

  it('ignores a signal whose removeEventListener throws', () => {
    const listeners: (() => void)[] = [];
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => listeners.push(listener),
      removeEventListener: () => {
        throw new Error('broken');
      },
    };
    const aborts = new AbortWatchers();
    const [left, stayed] = [watcherOf({ signal }), watcherOf({ signal })];
    aborts.watch(left);
    expect(() => aborts.unwatch(left)).not.toThrow();
    aborts.watch(stayed);
    listeners.at(-1)?.();
    expect(left.aborted).not.toHaveBeenCalled();
    expect(stayed.aborted).toHaveBeenCalledTimes(1);
  });

  it('does not change the signal that Axios makes of a cancel token', async () => {
    const { token, cancel } = axios.CancelToken.source();
    const signal = (token as unknown as { toAbortSignal(): AbortSignal }).toAbortSignal();
    const aborts = new AbortWatchers();
    const watcher = watcherOf({ signal });
    aborts.watch(watcher);
    aborts.unwatch(watcher);
    expect(listenersOn(signal)).toBe(0);
    cancel();
    await told();
    expect(signal.aborted).toBe(true);
    expect(watcher.aborted).not.toHaveBeenCalled();
  });
});

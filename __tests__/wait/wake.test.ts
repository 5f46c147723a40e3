import { getEventListeners } from 'node:events';
import { onWake } from '../../src/wait/wake.js';

const EVENTS = ['visibilitychange', 'pageshow', 'online'];
const undo: (() => void)[] = [];

afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

/** Sets a global for one test. */
function provide(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
  undo.push(() => Reflect.deleteProperty(globalThis, name));
}

/** Makes the globals those of a browser: a window, and maybe a document. */
function stubBrowser({ document = true } = {}) {
  const page = new EventTarget();
  const shown = new EventTarget();
  provide('addEventListener', page.addEventListener.bind(page));
  provide('removeEventListener', page.removeEventListener.bind(page));
  if (document) provide('document', shown);
  return {
    tell(type: string): void {
      (type === 'visibilitychange' ? shown : page).dispatchEvent(new Event(type));
    },
    listeners: () =>
      EVENTS.flatMap((type) => [page, shown].map((place) => getEventListeners(place, type).length)),
  };
}

describe('onWake in a browser', () => {
  it.each(EVENTS)('notifies whenever the page gets %s', (type) => {
    const page = stubBrowser();
    const look = jest.fn();
    onWake(look);
    expect(look).not.toHaveBeenCalled();
    page.tell(type);
    page.tell(type);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('listens to visibilitychange on the document, and to the rest on the window', () => {
    const page = stubBrowser();
    onWake(() => undefined);
    expect(page.listeners()).toEqual([0, 1, 1, 0, 1, 0]);
  });

  it('removes every listener, and may be stopped twice', () => {
    const page = stubBrowser();
    const look = jest.fn();
    const stop = onWake(look);
    stop();
    stop();
    expect(page.listeners()).toEqual([0, 0, 0, 0, 0, 0]);
    for (const type of EVENTS) page.tell(type);
    expect(look).not.toHaveBeenCalled();
  });

  it('keeps other listeners', () => {
    const page = stubBrowser();
    const looks = [jest.fn(), jest.fn()];
    const [stop] = looks.map((look) => onWake(look));
    stop?.();
    page.tell('online');
    expect(looks.map((look) => look.mock.calls.length)).toEqual([0, 1]);
  });

  it('removes its listeners from the original targets, even if the globals have changed', () => {
    const page = stubBrowser();
    const stop = onWake(() => undefined);
    provide('document', new EventTarget());
    stop();
    expect(page.listeners()[1]).toBe(0);
  });
});

describe('onWake elsewhere', () => {
  it('listens in a worker, which has no document', () => {
    const page = stubBrowser({ document: false });
    const look = jest.fn();
    const stop = onWake(look);
    page.tell('online');
    expect(look).toHaveBeenCalledTimes(1);
    stop();
    expect(page.listeners()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('does nothing in Node, which has no such events', () => {
    const look = jest.fn();
    expect('document' in globalThis).toBe(false);
    expect('addEventListener' in globalThis).toBe(false);
    onWake(look)();
    expect(look).not.toHaveBeenCalled();
  });

  it.each([null, {}])('does nothing with a document that is %p', (document) => {
    provide('document', document);
    expect(() => onWake(() => undefined)()).not.toThrow();
  });
});

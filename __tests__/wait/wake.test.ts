import { getEventListeners } from 'node:events';
import { onWake } from '../../src/wait/wake.js';

const EVENTS = ['visibilitychange', 'pageshow', 'online'];
const undo: (() => void)[] = [];

afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

/** Puts something into the globals for one test. */
function provide(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
  undo.push(() => Reflect.deleteProperty(globalThis, name));
}

/** Makes the globals a browser's: a window, with a document where there is one. */
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
  it.each(EVENTS)('looks whenever the page is told of %s', (type) => {
    const page = stubBrowser();
    const look = jest.fn();
    onWake(look);
    expect(look).not.toHaveBeenCalled();
    page.tell(type);
    page.tell(type);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('listens where the event is sent: visibilitychange at the document, the rest at the window', () => {
    const page = stubBrowser();
    onWake(() => undefined);
    expect(page.listeners()).toEqual([0, 1, 1, 0, 1, 0]);
  });

  it('stops listening, everywhere, and may be told so twice', () => {
    const page = stubBrowser();
    const look = jest.fn();
    const stop = onWake(look);
    stop();
    stop();
    expect(page.listeners()).toEqual([0, 0, 0, 0, 0, 0]);
    for (const type of EVENTS) page.tell(type);
    expect(look).not.toHaveBeenCalled();
  });

  it('leaves the listeners of others', () => {
    const page = stubBrowser();
    const looks = [jest.fn(), jest.fn()];
    const [stop] = looks.map((look) => onWake(look));
    stop?.();
    page.tell('online');
    expect(looks.map((look) => look.mock.calls.length)).toEqual([0, 1]);
  });

  it('stops listening where it began, also when the globals have changed since', () => {
    const page = stubBrowser();
    const stop = onWake(() => undefined);
    provide('document', new EventTarget());
    stop();
    expect(page.listeners()[1]).toBe(0);
  });
});

describe('onWake elsewhere', () => {
  it('listens to what a worker has, which has no document', () => {
    const page = stubBrowser({ document: false });
    const look = jest.fn();
    const stop = onWake(look);
    page.tell('online');
    expect(look).toHaveBeenCalledTimes(1);
    stop();
    expect(page.listeners()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('does nothing in Node, which has none of it', () => {
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

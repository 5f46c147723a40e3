/**
 * docs/guides/react.md: the page's own tests pass, and its files do what it says beside them.
 *
 * @jest-environment jsdom
 */
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { AxiosAdapter } from 'axios';
import { AxiosError } from 'axios';
import type { ReactNode } from 'react';
import { createGate } from '../../src/gate/index.js';
import type { Clock, RetryHandle } from '../../src/index.js';
import { loadPageFile } from '../support/page-files.js';
import type { Answer } from '../support/scripted-client.js';
import { setUp as connect } from '../support/scripted-client.js';
import { textOf } from '../support/snippets.js';

const PAGE = 'docs/guides/react.md';

interface Toast {
  RetryToast(props: { handle: RetryHandle; messages: object; clock?: Clock }): ReactNode;
}
interface Messages {
  readonly english: object;
}
interface Time {
  inDigits(ms: number, locale: string): string;
  inWords(ms: number, locale: string): string;
}

describe('the page', () => {
  loadPageFile(PAGE, 'retry-toast.test.tsx');
});

describe('the toast', () => {
  const { RetryToast } = loadPageFile<Toast>(PAGE, 'retry-toast.tsx');
  const { english } = loadPageFile<Messages>(PAGE, 'retry-toast-messages.ts');

  async function show(answers: Answer[], options = {}) {
    const { clock, handle, get } = connect(answers, options);
    const { container } = render(<RetryToast handle={handle} messages={english} clock={clock} />);
    const request = get().catch((error: Error) => error);
    const pass = (ms: number) => act(() => clock.advance(ms));
    await pass(0);
    return { container, handle, get, request, pass };
  }

  it.each<[string, Answer]>([
    ['Too many requests', { status: 429, retryAfter: '5' }],
    ['The server is busy', 529],
  ])('says %s', async (reason, answer) => {
    const { handle } = await show([answer]);
    expect(screen.getByText(reason)).toBeTruthy();
    await act(async () => handle.detach());
  });

  it('says No connection where there was no answer', async () => {
    const { api, clock, handle } = connect([200], { networkErrors: true });
    render(<RetryToast handle={handle} messages={english} clock={clock} />);
    const adapter: AxiosAdapter = async (config) => {
      throw new AxiosError('reset', 'ECONNRESET', config);
    };
    void api.get('/', { adapter }).catch(() => undefined);
    await act(() => clock.advance(0));
    expect(screen.getByText('No connection')).toBeTruthy();
    await act(async () => handle.detach());
  });

  it('has no “Try now” where only a gate is waited for', async () => {
    const { get, handle, pass } = await show([{ status: 429, retryAfter: '5' }, 200], {
      gate: createGate(),
    });
    expect(screen.getByRole('button', { name: 'Try now' })).toBeTruthy();
    const second = get();
    await pass(0);
    handle.waits.find(({ basis }) => basis !== 'gate')?.cancel();
    await pass(0);
    expect(handle.waits.map(({ basis }) => basis)).toEqual(['gate']);
    expect(screen.queryByRole('button', { name: 'Try now' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeTruthy();
    await pass(5000);
    await second;
  });

  it('keeps its buttons, which do nothing, while the request is sent', async () => {
    const { pass } = await show([503, 200]);
    const button = screen.getByRole('button', { name: 'Try now' });
    button.focus();
    fireEvent.click(button);
    await pass(0);
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByRole('status').textContent).toBe('One moment…');
    fireEvent.click(button);
    await pass(1000);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('has a status region before there is anything to say', async () => {
    const { handle } = connect([200]);
    render(<RetryToast handle={handle} messages={english} />);
    expect(screen.getByRole('status').textContent).toBe('');
  });

  it('uses the classes that the styles have', async () => {
    const css = /```css\n(.*?)```/s.exec(textOf(PAGE))?.[1] ?? '';
    const classesOf = (text: string, pattern: RegExp) =>
      [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
    const styled = classesOf(css, /\.(retry-toast[\w-]*)/g).filter(
      (one) => one !== 'retry-toast.css',
    );
    expect(classesOf(textOf(PAGE), /className="([^"]*)"/g)).toEqual(styled);
  });
});

describe('its times', () => {
  const { inDigits, inWords } = loadPageFile<Time>(PAGE, 'retry-toast-time.ts');

  it.each([
    [0, '0:00'],
    [-1, '0:00'],
    [7001, '0:08'],
    [512_000, '8:32'],
    [32_768_000, '9:06:08'],
  ])('are digits: %i ms', (ms, digits) => {
    expect(inDigits(ms, 'en')).toBe(digits);
  });

  it.each([
    [1000, 'in 1 second', 'za 1 sekundę'],
    [64_000, 'in 64 seconds', 'za 64 sekundy'],
    [512_000, 'in 9 minutes', 'za 9 minut'],
    [32_768_000, 'in 9 hours', 'za 9 godzin'],
  ])('are words: %i ms', (ms, english, polish) => {
    expect(inWords(ms, 'en')).toBe(english);
    expect(inWords(ms, 'pl')).toBe(polish);
  });
});

/**
 * docs/guides/frameworks/tanstack-query.md: what useQuery shows while the plugin waits, and what ends the wait.
 *
 * @jest-environment jsdom
 */
import type { QueryClientConfig } from '@tanstack/react-query';
import {
  focusManager,
  onlineManager,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { AxiosAdapter, AxiosInstance } from 'axios';
import { AxiosError } from 'axios';
import type { ReactNode } from 'react';
import type { RetryHandle } from '../../src/index.js';
import { loadPageFile } from '../support/page-files.js';

interface Page {
  readonly api: AxiosInstance;
  readonly handle: RetryHandle;
  Report(props: { id: number }): ReactNode;
}

/** Answers with each status in turn, the last one again and again; fails without a network. */
function answering(statuses: readonly number[]) {
  const sent: string[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const status = statuses[Math.min(sent.length, statuses.length - 1)] ?? 200;
    sent.push(String(config.url));
    if (!onlineManager.isOnline()) throw new AxiosError('Network Error', 'ERR_NETWORK', config);
    const data = `report of send ${sent.length}`;
    const response = { status, statusText: '', headers: {}, data, config };
    if (status < 400) return response;
    throw new AxiosError(`status ${status}`, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
  return { adapter, sent };
}

const clients: QueryClient[] = [];

async function open(statuses: readonly number[], options: QueryClientConfig = {}) {
  const { api, handle, Report } = loadPageFile<Page>(
    'docs/guides/frameworks/tanstack-query.md',
    'report.tsx',
  );
  const { adapter, sent } = answering(statuses);
  api.defaults.adapter = adapter;
  const client = new QueryClient(options);
  clients.push(client);
  const shown = (count: number) => (
    <QueryClientProvider client={client}>
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: copies of one component
        <Report key={i} id={7} />
      ))}
    </QueryClientProvider>
  );
  const { container, rerender } = render(shown(1));
  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
  await pass(10);
  return {
    client,
    handle,
    sent,
    pass,
    text: () => container.textContent,
    state: () => client.getQueryState(['report', 7]),
    /** Shows the component so many times. */
    show: (count: number) => act(async () => rerender(shown(count))),
  };
}

const BUSY = /^The server is busy\. Again in 8 s/;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.clear();
  jest.useRealTimers();
  onlineManager.setOnline(true);
  focusManager.setFocused(undefined);
});

describe('the component of the page', () => {
  it('counts down, and then shows the report', async () => {
    const { pass, text } = await open([503, 200]);
    expect(text()).toMatch(BUSY);
    await pass(3000);
    expect(text()).toMatch(/Again in 5 s/);
    await pass(5000);
    expect(text()).toBe('report of send 2');
  });

  it('tries now', async () => {
    const { pass, text } = await open([503, 200]);
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
    await pass(10);
    expect(text()).toBe('report of send 2');
  });

  it('shows the last answer’s error at once after Cancel', async () => {
    const { pass, text, sent } = await open([503, 200]);
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await pass(10);
    expect(text()).toBe('There is no report at present: status 503');
    await pass(60_000);
    expect(sent).toHaveLength(1);
  });

  it('sends 6 times in all', async () => {
    const { pass, text, sent, state, handle } = await open([503]);
    for (let retry = 1; retry <= 5; retry++) {
      act(() => handle.waits[0]?.retryNow());
      await pass(10);
    }
    expect(sent).toHaveLength(6);
    expect(text()).toBe('There is no report at present: status 503');
    expect(state()).toMatchObject({ status: 'error', fetchStatus: 'idle', fetchFailureCount: 1 });
  });
});

describe('while the plugin waits', () => {
  const fetching = { fetchStatus: 'fetching', fetchFailureCount: 0, fetchFailureReason: null };

  it('a first load is pending and fetching, not paused, and has not failed', async () => {
    const { state, handle } = await open([503, 200]);
    expect(handle.waits).toHaveLength(1);
    expect(state()).toMatchObject({ status: 'pending', ...fetching });
  });

  it('a query with data keeps them', async () => {
    const { client, state, text, pass } = await open([200, 503, 200]);
    void client.invalidateQueries();
    await pass(10);
    expect(state()).toMatchObject({ status: 'success', ...fetching });
    expect(text()).toMatch(/^report of send 1The server is busy/);
    await pass(8000);
    expect(text()).toBe('report of send 3');
  });

  it('cancelQueries ends the wait, and the query is as it was', async () => {
    const { client, handle, state, sent, pass } = await open([503, 200]);
    await act(() => client.cancelQueries());
    expect(handle.waits).toEqual([]);
    expect(state()).toMatchObject({ status: 'pending', fetchStatus: 'idle' });
    await pass(60_000);
    expect(sent).toHaveLength(1);
  });

  it('the unmount of the last component ends the wait', async () => {
    const { handle, show } = await open([503, 200]);
    await show(2);
    await show(1);
    expect(handle.waits).toHaveLength(1);
    await show(0);
    expect(handle.waits).toEqual([]);
  });

  it('another component with the same query shares the wait', async () => {
    const { handle, show, text, sent, pass } = await open([503, 200]);
    await show(2);
    expect([handle.waits.length, sent.length]).toEqual([1, 1]);
    expect(text()?.match(/Again in 8 s/g)).toHaveLength(2);
    await pass(8000);
    expect(text()).toBe('report of send 2report of send 2');
  });

  it.each<[string, () => void]>([
    [
      'the window gets the focus',
      () => {
        focusManager.setFocused(false);
        focusManager.setFocused(true);
      },
    ],
    [
      'the network returns',
      () => {
        onlineManager.setOnline(false);
        onlineManager.setOnline(true);
      },
    ],
  ])('the wait goes on when %s, with data too', async (_event, happen) => {
    for (const statuses of [
      [503, 200],
      [200, 503, 200],
    ]) {
      const { client, handle, sent, pass } = await open(statuses);
      if (statuses.length === 3) void client.invalidateQueries();
      await pass(10);
      const [wait] = handle.waits;
      expect(wait).toBeDefined();
      act(happen);
      await pass(10);
      expect(handle.waits).toEqual([wait]);
      expect(sent).toHaveLength(statuses.length - 1);
    }
  });

  it('the query is not paused when the network goes away, and its next send fails', async () => {
    const { handle, state, text, pass } = await open([503, 200]);
    act(() => onlineManager.setOnline(false));
    await pass(10);
    expect(handle.waits).toHaveLength(1);
    expect(state()).toMatchObject({ status: 'pending', ...fetching });
    await pass(8000);
    expect(text()).toBe('There is no report at present: Network Error');
  });
});

describe('without a network', () => {
  it('a query that is mounted is paused, and nothing is sent until it is back', async () => {
    onlineManager.setOnline(false);
    const { handle, state, sent, pass } = await open([200]);
    expect(state()).toMatchObject({ fetchStatus: 'paused' });
    expect([handle.waits.length, sent.length]).toEqual([0, 0]);
    act(() => onlineManager.setOnline(true));
    await pass(10);
    expect(sent).toHaveLength(1);
  });
});

// The state of the page, as a store for React: what IndexedDB holds, the shop, and whether this tab sends.
import type { RetryTicket } from 'axios-status-retry/deferral';
import { clear, values } from 'idb-keyval';
import { useSyncExternalStore } from 'react';
import type { Desk } from '../../platform/shop.js';
import type { Ended } from './outbox.js';
import { ended, tickets, work } from './outbox.js';
import type { Row } from './row.js';
import { newsOf } from './row.js';

export interface View {
  /** The newest first; undefined until IndexedDB was read. */
  readonly rows: readonly Row[] | undefined;
  /** Whether this tab is the one that sends. */
  readonly isSender: boolean;
  readonly isOnline: boolean;
  /** Null if the shop does not answer. */
  readonly desk: Desk | null | undefined;
  /** The latest news, for screen readers too. */
  readonly news: string;
}

/** How the shop treats orders, as text fields. An empty one leaves a setting as it is. */
export type DeskSettings = Readonly<Record<'refusals' | 'status' | 'retryAfter' | 'pause', string>>;

let view: View = {
  rows: undefined,
  isSender: false,
  isOnline: navigator.onLine,
  desk: undefined,
  news: '',
};
const listeners = new Set<() => void>();
const channel = new BroadcastChannel('outbox');

function show(change: Partial<View>): void {
  view = { ...view, ...change };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useView = (): View => useSyncExternalStore(subscribe, () => view);

/** Shows the outbox from now on, and sends its requests when it is this tab's turn. */
export function start(): void {
  channel.onmessage = read;
  const showNetwork = (): void => show({ isOnline: navigator.onLine });
  addEventListener('online', showNetwork);
  addEventListener('offline', showNetwork);
  work(() => show({ isSender: true, ...(view.rows && { news: 'This tab sends now' }) }));
  void read();
}

async function read(): Promise<void> {
  // In this order, because an outcome is stored before its ticket is deleted.
  const kept = await values<RetryTicket>(tickets);
  const over = await values<Ended>(ended);
  const ids = new Set(over.map(({ ticket }) => ticket.id));
  const rows: Row[] = kept.filter(({ id }) => !ids.has(id)).map((ticket) => ({ ticket }));
  rows.push(...over.map((one) => ({ ticket: one.ticket, over: one })));
  rows.sort((a, b) => (a.ticket.id < b.ticket.id ? 1 : -1));
  const news = view.rows && newsOf(view.rows, rows);
  show({ rows, ...(news && { news }) });
  if (navigator.onLine) await showDesk();
}

export async function changeDesk(settings: DeskSettings): Promise<void> {
  await showDesk(settings);
  channel.postMessage('');
}

async function showDesk(settings?: DeskSettings): Promise<void> {
  const query = settings ? `?${new URLSearchParams(settings)}` : '';
  const method = settings ? 'PUT' : 'GET';
  const response = await fetch(`shop/desk${query}`, { method }).catch(() => undefined);
  const desk = response?.ok ? await response.json().catch(() => null) : null;
  show({ desk });
}

/** Removes the requests that are over. */
export async function clearEnded(): Promise<void> {
  await clear(ended);
  channel.postMessage('');
  await read();
}

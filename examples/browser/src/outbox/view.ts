import type { RetryTicket } from 'axios-status-retry/deferral';
import { clear, values } from 'idb-keyval';
import { useSyncExternalStore } from 'react';
import type { Desk, Mood } from './desk.js';
import { desk } from './desk.js';
import type { Ended } from './outbox.js';
import { ended, tickets, work } from './outbox.js';
import type { Row } from './row.js';
import { newsOf } from './row.js';

export interface View {
  /** The newest first; undefined until the store was read. */
  readonly rows: readonly Row[] | undefined;
  /** Whether this tab is the one that sends. */
  readonly isWorking: boolean;
  readonly isOnline: boolean;
  /** Null where the shop does not answer. */
  readonly desk: Desk | null | undefined;
  /** What was last worth saying aloud. */
  readonly news: string;
}

let view: View = {
  rows: undefined,
  isWorking: false,
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

/** Begins to show the outbox, and to work it when it is this tab's turn. */
export function start(): void {
  channel.onmessage = read;
  const look = (): void => show({ isOnline: navigator.onLine });
  addEventListener('online', look);
  addEventListener('offline', look);
  work(() => show({ isWorking: true, ...(view.rows && { news: 'This tab sends now' }) }));
  void read();
}

async function read(): Promise<void> {
  // In this order: what is over is written down before its ticket is deleted.
  const kept = await values<RetryTicket>(tickets);
  const over = await values<Ended>(ended);
  const ids = new Set(over.map(({ ticket }) => ticket.id));
  const rows: Row[] = kept.filter(({ id }) => !ids.has(id)).map((ticket) => ({ ticket }));
  rows.push(...over.map((one) => ({ ticket: one.ticket, over: one })));
  rows.sort((a, b) => (a.ticket.id < b.ticket.id ? 1 : -1));
  const news = view.rows && newsOf(view.rows, rows);
  show({ rows, ...(news && { news }) });
  // Offline it stays as it was known.
  if (navigator.onLine) show({ desk: await desk().catch(() => null) });
}

export async function changeDesk(mood: Mood): Promise<void> {
  show({ desk: await desk(mood).catch(() => null) });
  channel.postMessage('');
}

/** Forgets what is over. */
export async function clearEnded(): Promise<void> {
  await clear(ended);
  channel.postMessage('');
  await read();
}

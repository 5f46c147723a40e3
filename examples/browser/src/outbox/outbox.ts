// How do I keep requests in a browser? Each one is stored in IndexedDB before it is sent and before every wait, so
// a tab may be closed at any time and the next visit goes on. One tab at a time sends. Copy this file.
import type { RetryReport } from 'axios-status-retry';
import { attachRetry, retryReport } from 'axios-status-retry';
import type { Json, RetryTicket } from 'axios-status-retry/deferral';
import { createDeferral, isRetryDeferred } from 'axios-status-retry/deferral';
import { createStore, del, set, values } from 'idb-keyval';
import { api } from './api.js';

/** A request that is over: answered with `data`, or given up. */
export interface Ended {
  readonly ticket: RetryTicket;
  readonly report: RetryReport | undefined;
  readonly data?: unknown;
}

/** By ticket id: the tickets that are not over, and the requests that are. */
export const tickets = createStore('outbox', 'tickets');
export const ended = createStore('outbox-ended', 'ended');

/** Tell all tabs that the outbox has changed. Two channels, because none receives its own messages. */
const [receiver, sender] = [new BroadcastChannel('outbox'), new BroadcastChannel('outbox')];
/** The requests that this tab sends or waits to send, by ticket id. */
const pending = new Map<string, AbortController>();

// With a `maxDelay` of 0, every wait is stored before it begins.
const deferral = createDeferral({ save: keep });
attachRetry(api, { maxDelay: 0, deferral, idempotencyKey: true, networkErrors: true });

async function keep(ticket: RetryTicket): Promise<void> {
  await set(ticket.id, ticket, tickets);
  sender.postMessage('');
}

/** Puts a POST into the outbox. It is stored when this resolves. */
export async function post(path: string, value: Json): Promise<void> {
  const notBefore = Date.now();
  const id = `${notBefore}-${crypto.randomUUID()}`; // IndexedDB sorts by key
  const url = new URL(api.getUri({ url: path }), location.href).href;
  const request = { method: 'POST', url, headers: {}, body: { type: 'json', value } } as const;
  const unsent = { sent: false, retries: 0, notBefore, attempts: [], idempotencyKey: id };
  await keep({ version: 1, id, ...request, ...unsent });
}

/** Removes a request. If it is in flight, it may still arrive. */
export async function discard(id: string): Promise<void> {
  await del(id, tickets);
  sender.postMessage('');
}

/** Sends the requests of the outbox until this tab is closed, starting when no other tab does so. */
export function work(onStart: () => void): void {
  void navigator.locks.request('outbox', () => {
    receiver.onmessage = sync;
    onStart();
    void sync();
    return new Promise(() => undefined);
  });
}

/** Starts to send new tickets, and aborts those that were discarded. */
async function sync(): Promise<void> {
  const kept = new Map((await values<RetryTicket>(tickets)).map((one) => [one.id, one]));
  for (const [id, ticket] of kept) if (!pending.has(id)) void send(ticket);
  for (const [id, controller] of pending) if (!kept.has(id)) controller.abort();
}

async function send(ticket: RetryTicket): Promise<void> {
  const { id } = ticket;
  const controller = new AbortController();
  pending.set(id, controller);
  try {
    // Waits until it is due, and sends it through `api`, so with a token.
    const response = await deferral.resume(ticket, { signal: controller.signal });
    await end({ ticket, report: retryReport(response), data: response.data });
  } catch (error) {
    const report = retryReport(error);
    if (controller.signal.aborted) await del(id, tickets);
    // It failed for another reason, such as a missing token. It stays, and is tried again in a minute.
    else if (!report?.gaveUp) await new Promise((wake) => setTimeout(wake, 60_000));
    // A deferred request has its next ticket stored by `save`.
    else if (!isRetryDeferred(error)) await end({ ticket, report });
  }
  pending.delete(id);
  sender.postMessage('');
}

/** Deletes the ticket last. If the tab dies before, it is sent again with the same Idempotency-Key. */
async function end(over: Ended): Promise<void> {
  await set(over.ticket.id, over, ended);
  await del(over.ticket.id, tickets);
}

// What is put into the outbox is in IndexedDB before it is sent, and before each wait. So a tab may be closed
// at any time: the next visit goes on. One tab at a time sends.
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

/** By the ticket's id: each `RetryTicket` that is not over, and each `Ended`. */
export const tickets = createStore('outbox', 'tickets');
export const ended = createStore('outbox-ended', 'ended');

/** Tell every tab, this one too, that the outbox has changed. */
const [ear, mouth] = [new BroadcastChannel('outbox'), new BroadcastChannel('outbox')];
/** What this tab sends, or waits for the time to send. */
const inHand = new Map<string, AbortController>();

// With a `maxDelay` of 0, every wait is written down before it begins.
const deferral = createDeferral({ save: keep });
attachRetry(api, { maxDelay: 0, deferral, idempotencyKey: true, networkErrors: true });

async function keep(ticket: RetryTicket): Promise<void> {
  await set(ticket.id, ticket, tickets);
  mouth.postMessage('');
}

/** Puts a POST into the outbox. When this resolves it is safe. */
export async function post(path: string, value: Json): Promise<void> {
  const notBefore = Date.now();
  const id = `${notBefore}-${crypto.randomUUID()}`; // The store's order is that of its keys.
  const url = new URL(api.getUri({ url: path }), location.href).href;
  const request = { method: 'POST', url, headers: {}, body: { type: 'json', value } } as const;
  const unsent = { sent: false, retries: 0, notBefore, attempts: [], idempotencyKey: id };
  await keep({ version: 1, id, ...request, ...unsent });
}

/** Takes one out. Where it is being sent, it may arrive all the same. */
export async function discard(id: string): Promise<void> {
  await del(id, tickets);
  mouth.postMessage('');
}

/** Sends what is in the outbox until this tab goes away; begins when no other tab does so. */
export function work(onBegin: () => void): void {
  void navigator.locks.request('outbox', () => {
    ear.onmessage = look;
    onBegin();
    void look();
    return new Promise(() => undefined);
  });
}

async function look(): Promise<void> {
  const kept = new Map((await values<RetryTicket>(tickets)).map((one) => [one.id, one]));
  for (const [id, ticket] of kept) if (!inHand.has(id)) void send(ticket);
  for (const [id, controller] of inHand) if (!kept.has(id)) controller.abort();
}

async function send(ticket: RetryTicket): Promise<void> {
  const { id } = ticket;
  const controller = new AbortController();
  inHand.set(id, controller);
  try {
    // Waits until its time. Sends it through `api`, so with a token.
    const response = await deferral.resume(ticket, { signal: controller.signal });
    await end({ ticket, report: retryReport(response), data: response.data });
  } catch (error) {
    const report = retryReport(error);
    if (controller.signal.aborted) await del(id, tickets);
    // It was not judged: no token could be had, say. It stays, and is tried again.
    else if (!report?.gaveUp) await new Promise((wake) => setTimeout(wake, 60_000));
    // Else `save` has put the next ticket in its place.
    else if (!isRetryDeferred(error)) await end({ ticket, report });
  }
  inHand.delete(id);
  mouth.postMessage('');
}

/** Deleted last: a tab that dies here leaves one that is sent again, with the same Idempotency-Key. */
async function end(over: Ended): Promise<void> {
  await set(over.ticket.id, over, ended);
  await del(over.ticket.id, tickets);
}

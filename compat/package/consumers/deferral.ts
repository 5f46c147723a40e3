// A user's strict code, with every name of the entry.
import axios from 'axios';
import { attachRetry } from 'axios-status-retry';
import type {
  Deferral,
  DeferralOptions,
  DelayQueue,
  DrainError,
  Json,
  Relay,
  RelayResult,
  ResumeConfig,
  RetryTicket,
  TicketBody,
} from 'axios-status-retry/deferral';
import {
  createDeferral,
  createRelay,
  isRetryDeferred,
  parseTicket,
  RetryDeferredError,
} from 'axios-status-retry/deferral';

const kept = new Map<string, RetryTicket>();
const options: DeferralOptions = {
  save: (ticket) => kept.set(ticket.id, ticket),
  headers: ['X-Tenant'],
  omitParams: ['token'],
  origins: ['https://api.example.com'],
};
export const deferral: Deferral = createDeferral(options);
attachRetry(axios, { maxDelay: 60_000, deferral });

export async function get(): Promise<string> {
  try {
    return (await axios.get<string>('https://api.example.com/')).data;
  } catch (error) {
    if (!isRetryDeferred(error)) throw error;
    const deferred: RetryDeferredError = error;
    return `${deferred.ticket.id} ${deferred instanceof RetryDeferredError}`;
  }
}

export const suspended: Promise<RetryTicket[]> = deferral.suspend();
export const shutDown: Promise<readonly RetryTicket[]> = deferral
  .drain(get())
  .catch((error: DrainError) => error.tickets);
const config: ResumeConfig = { headers: { Authorization: 'Bearer …' }, timeout: 5000 };
export const resumed = deferral.resume(parseTicket(JSON.parse('{}')), config);

export function held(body: TicketBody): Json {
  return body.type === 'json' ? body.value : body.value.length;
}

const queue: DelayQueue = { maxDelay: 900_000, send: (ticket, delay) => [ticket.id, delay] };
const relay: Relay = createRelay(queue);
export async function handle(message: unknown): Promise<number | undefined> {
  const relayed: RelayResult = await relay.receive(message, (ticket) => deferral.resume(ticket));
  return relayed.state === 'answered' ? relayed.response.status : undefined;
}

// @ts-expect-error save has no default
createDeferral({});
// @ts-expect-error the ticket has them
deferral.resume(parseTicket({}), { url: '/elsewhere' });

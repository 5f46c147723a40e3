// Replays what a service answers to a client with its preset.
import type { AxiosInstance, AxiosResponse } from 'axios';
import { createGate } from '../../src/gate/index.js';
import type { RetryOptions } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import type { RetryPreset } from '../../src/presets/index.js';
import { setUp as setUpStub } from './gate-client.js';
import { setUp } from './http-client.js';
import type { Answer } from './scripted-server.js';
import type { Sent, Answer as StubAnswer } from './stub-server.js';

/** When a real server answers; the end of a day in 2026. */
const NOW = Date.UTC(2026, 10, 30, 12);

/** The headers of an answer of {@link NOW}, with a time so many seconds later. */
export const inSeconds = (seconds: number) => ({
  epoch: String(NOW / 1000 + seconds),
  iso: new Date(NOW + seconds * 1000).toISOString(),
});

/** An answer with a JSON body, as a service gives it. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: unknown = {},
): Answer {
  return {
    status,
    headers: { Date: new Date(NOW).toUTCString(), 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** How a call ended: its status, why it was given up, and its waits in milliseconds. */
export interface Ending {
  readonly status: number | undefined;
  readonly gaveUp?: string;
  readonly waits: readonly number[];
}

/** Sends one request to a real server that gives these answers in turn; the last one repeats. */
export async function replay(
  preset: RetryPreset,
  answers: Answer[],
  send: (api: AxiosInstance) => Promise<AxiosResponse> = (api) => api.get('/'),
  options: RetryOptions = {},
): Promise<Ending> {
  const { gate, ...policy } = preset;
  const waits: number[] = [];
  const { api, attach, outcome } = await setUp(answers);
  attach({
    ...policy,
    gate: createGate(gate),
    onRetry: ({ delay }) => waits.push(delay),
    ...options,
  });
  const ending = await outcome(send(api));
  const gaveUp = retryReport(ending)?.gaveUp;
  return { status: ending.status ?? ending.response?.status, ...(gaveUp && { gaveUp }), waits };
}

/** A client with a preset and its gate, and a stub server on the same clock. */
export function setUpGate({ gate, ...policy }: RetryPreset, server: (sent: Sent) => StubAnswer) {
  return setUpStub(server, gate, policy);
}

/** How many sends were refused: those that were sent again. */
export const refusals = (sent: readonly Sent[]): number =>
  sent.filter(({ retryNumber }) => retryNumber > 0).length;

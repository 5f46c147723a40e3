// A user's strict code, with every name of the entry.
import type { AxiosInstance } from 'axios';
import type { RetryHandle } from 'axios-status-retry';
import { attachRetry } from 'axios-status-retry';
import type { GateOptions } from 'axios-status-retry/gate';
import { createGate } from 'axios-status-retry/gate';
import type { RetryPreset } from 'axios-status-retry/presets';
import {
  anthropic,
  github,
  microsoftGraph,
  openai,
  shopify,
  stripe,
} from 'axios-status-retry/presets';

const presets: readonly (() => RetryPreset)[] = [
  anthropic,
  github,
  microsoftGraph,
  openai,
  shopify,
  stripe,
];

export function attachAll(api: AxiosInstance): RetryHandle[] {
  return presets.map((preset) => {
    const { gate, ...policy } = preset();
    return attachRetry(api, { ...policy, maxRetries: 2, gate: createGate(gate) });
  });
}

const { table, hints, decide, gate }: RetryPreset = github();
export const forToken: GateOptions = { ...gate, reserve: 0.1 };
export const row: string | undefined = table.get(429)?.retry;
export const readers: number = hints.length;
export const isHooked: boolean = decide !== undefined;
// @ts-expect-error the options of a gate are not a gate
createGate({ gate });

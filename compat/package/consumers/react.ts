// A user's strict components, with every name of the entry. It needs no types of React: the hooks have none of them.
import axios from 'axios';
import type { RetryHandle, RetryWait } from 'axios-status-retry';
import { attachRetry } from 'axios-status-retry';
import type { CountdownOptions } from 'axios-status-retry/react';
import { useCountdown, useRetryWaits } from 'axios-status-retry/react';
import { createTestClock } from 'axios-status-retry/testing';

const clock = createTestClock();
const handle: RetryHandle = attachRetry(axios, { clock });
const options: CountdownOptions = { clock, interval: 250 };

export function Waits({ isShown }: { isShown: boolean }): string {
  const waits: readonly RetryWait[] = useRetryWaits(isShown ? handle : undefined);
  const left: number = useCountdown(waits[0]);
  return `${waits.length} waiting, ${left} ms`;
}

export function Ticket({ notBefore }: { notBefore: number }): string {
  // @ts-expect-error milliseconds are a number
  useCountdown(undefined, { interval: '1 s' });
  return `${useCountdown({ dueAt: notBefore, delay: 0 }, options)} ms`;
}

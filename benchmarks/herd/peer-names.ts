/** The contestants, apart from what runs them, so that what renders results loads no peer. */
export const peerNames = [
  'gate',
  'redis-gate',
  'no-gate',
  'no-gate-without-end',
  'axios-retry',
  'axios-retry-exponential',
  'retry-axios',
] as const;

export type PeerName = (typeof peerNames)[number];

interface Words {
  readonly label: string;
  readonly setup: string;
}

/** How each is called and was set up, in words. */
export const words: Readonly<Record<PeerName, Words>> = {
  gate: {
    label: 'ours, `createGate()`',
    setup: '`attachRetry(api, { gate: createGate() })`, all else as it comes',
  },
  'redis-gate': {
    label: 'ours, `createRedisGate()`',
    setup:
      '`attachRetry(api, { gate: createRedisGate(new Redis(port), {}) })`, one Redis for all processes',
  },
  'no-gate': {
    label: 'ours, no gate, 5 retries',
    setup: '`attachRetry(api)`: bare Retry-After, each request by itself',
  },
  'no-gate-without-end': {
    label: 'ours, no gate, retried without end',
    setup: '`attachRetry(api, { maxRetries: 10_000 })`',
  },
  'axios-retry': {
    label: 'axios-retry',
    setup:
      '`{ retries: 10_000 }`: its own condition takes 429 and its own delay is Retry-After, to the millisecond',
  },
  'axios-retry-exponential': {
    label: 'axios-retry, `exponentialDelay`',
    setup:
      '`{ retries: 10_000, retryDelay: (n, error) => exponentialDelay(Math.min(n, 7), error) }`: the longer of Retry-After and 2^n × 100 ms, plus up to 20 %; capped at 12.8 s, as the twentieth retry would wait for 29 hours',
  },
  'retry-axios': {
    label: 'retry-axios',
    setup:
      '`raxConfig: { retry: 10_000, checkRetryAfter: true, maxRetryAfter: 120_000 }`: 429 and GET are in its own lists; its jitter is not for Retry-After',
  },
};

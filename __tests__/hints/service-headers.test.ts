// The readers, held against what services really send.
import type { Hint, HintReader, Quota, QuotaReader } from '../../src/hints/index.js';
import {
  anyOf,
  epochMilliseconds,
  epochSeconds,
  goDuration,
  isoDate,
  milliseconds,
  rateLimitFields,
  remainingReset,
  seconds,
  verdict,
} from '../../src/hints/index.js';
import { CATALOGUE, DRAFT_EXAMPLES, SERVICES } from '../fixtures/service-headers.js';
import { answerWith, RECEIVED_AT } from '../support/answer.js';

type Name = keyof typeof SERVICES;
const answerOf = (name: Name) => {
  const headers: Readonly<Record<string, string>> = SERVICES[name].headers;
  // Without a `Date`, the answer came when the corpus was read.
  return answerWith(headers);
};

describe('the hints of a service:', () => {
  it.each<[Name, string, HintReader, Hint | undefined]>([
    ['shopify', 'decimal seconds', seconds('retry-after', { decimals: true }), { delay: 2000 }],
    ['shopify', 'no integer', seconds('retry-after'), undefined],
    ['stripe', 'a verdict', verdict('stripe-should-retry'), { retry: true }],
    ['openaiRetry', 'a verdict', verdict('x-should-retry'), { retry: false }],
    [
      'openaiRetry',
      'milliseconds first',
      anyOf(milliseconds('retry-after-ms'), seconds('retry-after')),
      { delay: 813 },
    ],
    ['openai', 'a Go duration', goDuration('x-ratelimit-reset-requests'), { delay: 12 }],
    ['openaiMinutes', 'a Go duration', goDuration('x-ratelimit-reset-tokens'), { delay: 360_000 }],
    ['azureOpenai', 'a 0', goDuration('x-ratelimit-reset-tokens'), { delay: 0 }],
    ['cosmos', 'milliseconds', milliseconds('x-ms-retry-after-ms'), { delay: 100 }],
    ['aws', 'milliseconds', milliseconds('x-amz-retry-after'), { delay: 500 }],
    ['anthropic', 'a date', isoDate('anthropic-ratelimit-requests-reset'), { delay: 30_000 }],
    [
      'discord',
      'decimal seconds',
      seconds('x-ratelimit-reset-after', { decimals: true }),
      { delay: 4815 },
    ],
    ['jira', 'a date without seconds', isoDate('x-ratelimit-reset'), { delay: 60_000 }],
    ['github', 'epoch seconds', epochSeconds('x-ratelimit-reset'), { delay: 3_006_000 }],
    [
      'github',
      'epoch seconds, when nothing is left',
      epochSeconds('x-ratelimit-reset', {
        when: ({ headers }) => (headers as Record<string, string>)['X-RateLimit-Remaining'] === '0',
      }),
      undefined,
    ],
    ['syntage', 'epoch seconds', epochSeconds('x-ratelimit-reset'), { delay: 363_000 }],
    ['gitlab', 'a past time', epochSeconds('ratelimit-reset'), { delay: 0 }],
    ['prisjakt', 'milliseconds', milliseconds('x-rate-limit-reset'), { delay: 600_000 }],
    ['lemlist', 'no date of a standard', isoDate('x-ratelimit-reset'), undefined],
    ['grpc', 'milliseconds', milliseconds('grpc-retry-pushback-ms'), { delay: 1000 }],
  ])('%s: %s', (name, _what, reader, hint) => {
    expect(reader(answerOf(name))).toEqual(hint);
  });
});

describe('the quotas of a service:', () => {
  const fields = rateLimitFields();
  it.each<[Name, QuotaReader, Quota[]]>([
    [
      'github',
      remainingReset('x-ratelimit', { reset: 'epoch-seconds', bucket: 'x-ratelimit-resource' }),
      [{ name: 'x-ratelimit;core', limit: 5000, remaining: 4997, reset: 3_006_000 }],
    ],
    [
      'openai',
      remainingReset('x-ratelimit', { reset: 'go-duration', suffix: 'tokens', unit: 'tokens' }),
      [
        {
          name: 'x-ratelimit-tokens',
          limit: 160_000,
          remaining: 159_976,
          reset: 9,
          unit: 'tokens',
        },
      ],
    ],
    ['azureOpenai', remainingReset('x-ratelimit', { reset: 'seconds', suffix: 'tokens' }), []],
    [
      'anthropic',
      remainingReset('anthropic-ratelimit-requests', { reset: 'iso-date' }),
      [{ name: 'anthropic-ratelimit-requests', limit: 50, remaining: 0, reset: 30_000 }],
    ],
    [
      'discordBucket',
      remainingReset('x-ratelimit', { reset: 'epoch-seconds', bucket: 'x-ratelimit-bucket' }),
      [{ name: 'x-ratelimit;abcd1234', limit: 5, remaining: 0, reset: 0 }],
    ],
    [
      'gitlab',
      remainingReset('ratelimit', { reset: 'epoch-seconds' }),
      [{ name: 'ratelimit', limit: 600, remaining: 594, reset: 0 }],
    ],
    [
      'okta',
      remainingReset('x-rate-limit', { reset: 'epoch-seconds' }),
      [{ name: 'x-rate-limit', limit: 1200, remaining: 1199, reset: 0 }],
    ],
    [
      'prisjakt',
      remainingReset('x-rate-limit', { reset: 'milliseconds' }),
      [{ name: 'x-rate-limit', limit: 10_000, remaining: 0, reset: 600_000 }],
    ],
    [
      'whoop',
      remainingReset('x-ratelimit', { reset: 'seconds' }),
      [{ name: 'x-ratelimit', remaining: 98, reset: 3000 }],
    ],
    [
      'lemlist',
      remainingReset('x-ratelimit', { reset: 'iso-date' }),
      [{ name: 'x-ratelimit', limit: 20, remaining: 7 }],
    ],
    [
      'cloudflare',
      fields,
      [
        { name: 'default', remaining: 50, reset: 30_000 },
        { name: 'burst', limit: 100, window: 60_000 },
      ],
    ],
    ['huggingFace', fields, [{ name: 'resolvers', remaining: 0, reset: 52_000 }]],
    ['dockerHub', fields, [{ name: 'default', limit: 100, remaining: 20, window: 21_600_000 }]],
    ['persona', fields, [{ name: 'default', limit: 300, remaining: 280, reset: 53_000 }]],
  ])('%s', (name, reader, quotas) => {
    expect(reader(answerOf(name))).toEqual(quotas);
  });
});

describe('the examples of the IETF draft', () => {
  it.each(DRAFT_EXAMPLES)('%s / %s: %d quotas', (limit, policy, quotas) => {
    const read = rateLimitFields()(answerWith({ RateLimit: limit, 'RateLimit-Policy': policy }));
    expect(read).toHaveLength(quotas);
  });
});

describe('a catalogue of retry rules', () => {
  it.each(CATALOGUE)('%s: %s, at %d providers', (kind, header) => {
    const now = RECEIVED_AT / 1000;
    const [reader, value] =
      kind === 'after' ? [seconds(header), '60'] : [epochSeconds(header), String(now + 60)];
    expect(reader(answerWith({ [header]: value }))).toEqual({ delay: 60_000 });
    const inMs = epochMilliseconds(header)(answerWith({ [header]: String(RECEIVED_AT + 60_000) }));
    expect(inMs).toEqual({ delay: 60_000 });
  });
});

describe('the corpus', () => {
  it('names a page and a day for each service', () => {
    for (const { source, read, headers } of Object.values(SERVICES)) {
      expect(source).toMatch(/^https:\/\/[\w.-]+\//);
      expect(read).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(Object.keys(headers).length).toBeGreaterThan(0);
    }
  });
});

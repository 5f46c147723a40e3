import fc from 'fast-check';
import type { RetryTicket } from '../../src/deferral/ticket.js';

/** A valid ticket that uses every field. */
export function ticketWith(more: object = {}): RetryTicket {
  return {
    version: 1,
    id: 'f9ca3c41-1ab5-4d16-9c6e-2f3e5a1c7b60',
    method: 'POST',
    url: 'https://api.example.com/v1/orders?page=2',
    params: { filter: { state: ['open'] }, limit: 10 },
    headers: { Accept: 'text/plain', 'Idempotency-Key': 'order-1', 'Content-Type': false },
    body: { type: 'json', value: { items: [1, { name: 'é' }], note: null } },
    sent: true,
    retries: 1,
    notBefore: 1_900_000_000_000,
    firstSentAt: 1_800_000_000_000,
    lastStatus: 503,
    idempotencyKey: 'order-1',
    attempts: [
      { sentAt: 1_800_000_000_000, code: 'ECONNRESET', delay: 8000 },
      { sentAt: 1_800_000_008_000, status: 503, delay: 64_000 },
    ],
    ...more,
  };
}

/** A valid ticket without one of its fields. */
export function ticketWithout(field: string): object {
  return Object.fromEntries(Object.entries(ticketWith()).filter(([name]) => name !== field));
}

/** The time in tests that mock `Date.now`. */
export const NOW = Date.UTC(2030, 0, 1);

/** A small ticket that is due at NOW, of a request that failed a second before. */
export function dueTicket(more: Partial<RetryTicket> = {}): RetryTicket {
  return {
    version: 1,
    id: 'one',
    method: 'POST',
    url: 'https://api.example/orders',
    headers: {},
    sent: true,
    retries: 0,
    notBefore: NOW,
    firstSentAt: NOW - 1000,
    lastStatus: 503,
    attempts: [{ sentAt: NOW - 1000, status: 503, delay: 1000 }],
    ...more,
  };
}

/** JSON without `__proto__`, which no ticket may have. */
export const json = fc
  .jsonValue()
  // JSON writes -0 as 0.
  .map((value) => JSON.parse(JSON.stringify(value)) as typeof value)
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

const jsonObject = fc.dictionary(fc.string(), json, { noNullPrototype: true }).filter((value) => {
  return !Object.hasOwn(value, '__proto__');
});
const time = fc.double({ min: 0, max: 8.64e15, noNaN: true });
const status = fc.integer({ min: 100, max: 999 });
const fieldValue = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,20}$/);
const attempt = fc.record(
  {
    sentAt: time,
    status,
    code: fc.stringMatching(/^[\w.-]{1,64}$/),
    delay: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  },
  { requiredKeys: ['sentAt'] },
);
const body = fc.oneof(
  fc.record({ type: fc.constant('json'), value: json }),
  fc.record({ type: fc.constantFrom('text', 'form'), value: fc.string({ unit: 'binary' }) }),
  fc.record({
    type: fc.constant('bytes'),
    value: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  }),
);
const url = fc
  .tuple(
    fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] }),
    fc.constantFrom('', '?', '?q=[a|b]\\', '?c=%zz&'),
  )
  .map((parts) => parts.join(''));
const name = fc
  .stringMatching(/^[\w!#$%&'*+.^`|~-]{1,20}$/)
  .filter((one) => !/^(__proto__|idempotency-key|cookie)$/i.test(one));

const always = {
  version: fc.constant(1),
  id: fc.stringMatching(/^[\w-]{1,128}$/),
  method: fc.constantFrom('GET', 'POST', 'PATCH', 'PROPFIND', 'M-SEARCH'),
  url,
  headers: fc.dictionary(name, fc.oneof(fieldValue, fc.constant(false)), {
    noNullPrototype: true,
  }),
  notBefore: time,
};
const sometimes = {
  params: jsonObject,
  body,
  idempotencyKey: fieldValue.filter((value) => value !== ''),
};
const unsent = { sent: fc.constant(false), retries: fc.constant(0), attempts: fc.constant([]) };
const sent = {
  sent: fc.constant(true),
  retries: fc.maxSafeNat().filter((n) => n < Number.MAX_SAFE_INTEGER),
  firstSentAt: time,
  attempts: fc.array(attempt, { maxLength: 100 }),
};

/** Arbitrary valid tickets. */
export const tickets = fc.oneof(
  fc.record(
    { ...always, ...unsent, ...sometimes },
    { requiredKeys: [...Object.keys(always), 'sent', 'retries', 'attempts'] as never[] },
  ),
  fc.record(
    { ...always, ...sent, ...sometimes, lastStatus: status },
    {
      requiredKeys: [
        ...Object.keys(always),
        'sent',
        'retries',
        'firstSentAt',
        'attempts',
      ] as never[],
    },
  ),
) as fc.Arbitrary<RetryTicket>;

// Section 4 of the contract: a wait that continues in another process.
import assert from 'node:assert/strict';
import type { Received } from '../../__tests__/support/scripted-server.js';
import type { RetryTicket } from '../../src/deferral/index.js';
import type { Rule } from './rule.js';
import type { TestBed } from './test-bed.js';
import { statusOf } from './test-bed.js';

const BYTES = new Uint8Array([0, 104, 105, 10]);

/** Defers a request; another instance resumes it an hour later. */
async function handedOver(bed: TestBed, data: unknown, headers: Record<string, string> = {}) {
  const { createDeferral } = bed.environment.plugin;
  const server = await bed.serve(503, 200);
  const saved: string[] = [];
  const app = () => {
    const api = bed.bare(server);
    const origins = [new URL(server.url, 'http://mock').origin];
    const save = (ticket: RetryTicket) => saved.push(JSON.stringify(ticket));
    const deferral = createDeferral({ save, origins });
    bed.attach(api, { maxDelay: 0, deferral, idempotencyKey: true });
    return { api, deferral };
  };
  const config = { params: { q: 'é' }, headers: { ...headers, Authorization: 'Bearer secret' } };
  const refused = await bed.settled(app().api.post('/x', data, config));
  const [text] = saved;
  assert.ok(text, `no ticket was saved: ${String(refused)}`);
  const next = app();
  next.api.interceptors.request.use((request) => {
    request.headers.set('Authorization', 'Bearer fresh');
    return request;
  });
  const resumed = await bed.settled(next.deferral.resume(JSON.parse(text) as RetryTicket));
  const [first, second] = (await server.received()) as [Received, Received];
  return { text, refused, resumed, first, second };
}

const carried = (name: string, make: () => unknown): Rule => ({
  name: `${name} is the same when its ticket is resumed`,
  async check(bed) {
    const { refused, resumed, first, second, text } = await handedOver(bed, make());
    assert.ok(bed.environment.plugin.isRetryDeferred(refused));
    assert.equal(statusOf(resumed), 200);
    assert.ok(!text.includes('secret'));
    const changed = { headers: { ...first.headers, ...authorizationOf(second) } };
    assert.deepEqual(second, { ...first, ...changed });
  },
});

/** The one header that differs. */
function authorizationOf({ headers }: Received): Record<string, unknown> {
  const [name] = Object.keys(headers).filter((one) => /^authorization$/i.test(one));
  assert.ok(name);
  assert.equal(headers[name], 'Bearer fresh');
  return { [name]: headers[name] };
}

export const ticketRules: readonly Rule[] = [
  carried('an object', () => ({ a: 'é', list: [1, { b: null }] })),
  carried('a text', () => 'a\nb'),
  carried('a URLSearchParams', () => new URLSearchParams({ a: '1', b: 'x y' })),
  carried('a Uint8Array', () => BYTES),
  carried('an absent body', () => undefined),
  {
    name: 'a resumed ticket is sent at its time, as the next retry, with the same idempotency key',
    async check(bed) {
      const { resumed, first, second } = await handedOver(bed, {});
      const [sent, again] = bed.report(resumed)?.attempts ?? [];
      assert.equal((again?.sentAt ?? 0) - (sent?.sentAt ?? 0), 8000);
      const keys = [first, second].map(({ headers }) => headers['idempotency-key']);
      assert.ok(keys[0]);
      assert.equal(keys[0], keys[1]);
    },
  },
];

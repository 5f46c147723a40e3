// Forged tickets: refused with a clear error, or sent as the contract allows and nowhere else.
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import type { InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import type { RetryTicket } from '../../src/deferral/index.js';
import { createDeferral, parseTicket } from '../../src/deferral/index.js';
import { attachRetry } from '../../src/index.js';
import type { Idea } from './idea.js';
import { count, Failures } from './idea.js';
import { mutate } from './mutate.js';
import { anyObject, deep } from './objects.js';
import type { Random } from './random.js';

const OWN = 'https://api.example.com';
const SECRET = 'hunter2';
const NOW = Date.UTC(2030, 0, 1);

/** Why a ticket may be refused that the schema accepts: JSON Schema cannot say these. */
const BEYOND_SCHEMA =
  /ticket\.url takes|\[?"?idempotency-key"?\]? takes the same|bytes of JSON|nested too deeply|must not have the key/i;

type Fields = Record<string, unknown>;

function validTicket(random: Random): Fields {
  const sent = !random.oneIn(4);
  const key = random.oneIn(2) ? 'order-1' : undefined;
  return {
    version: 1,
    id: random.pick(['one', 'f9ca3c41-1ab5-4d16-9c6e-2f3e5a1c7b60']),
    method: random.pick(['GET', 'POST', 'M-SEARCH']),
    url: `${OWN}${random.pick(['/', '/v1/orders?page=2', '/v1', '', '//b.example/x', '/v1/@b'])}`,
    ...(random.oneIn(2) && { params: { filter: { state: ['open'] }, limit: 10 } }),
    headers: {
      Accept: 'text/plain',
      'Content-Type': false,
      ...(key && { 'Idempotency-Key': key }),
    },
    ...(random.oneIn(2) && {
      body: random.pick<unknown>([
        { type: 'json', value: { items: [1, { name: 'é' }], note: null } },
        { type: 'text', value: 'text' },
        { type: 'form', value: 'a=1&b=2' },
        { type: 'bytes', value: 'AAECAw==' },
      ]),
    }),
    sent,
    retries: sent ? 1 : 0,
    notBefore: random.pick([0, NOW - 1000]),
    ...(sent && { firstSentAt: NOW - 9000, lastStatus: 503 }),
    ...(key && { idempotencyKey: key }),
    attempts: sent ? [{ sentAt: NOW - 9000, status: 503, delay: 8000 }] : [],
  };
}

const URLS = [
  'https://b.example/',
  `https://me:${SECRET}@api.example.com/`,
  'https://api.example.com@b.example/',
  'https://api.example.com:8443/',
  'http://api.example.com/',
  '//b.example/',
  'https:/b.example',
  'https://b.example\\@api.example.com/',
  'https://api.example.com\t.b.example/',
  `${OWN}/v1/../..//b.example/`,
  `${OWN}/%2e%2e//b.example`,
  'https://[::1]/',
  'https://api.example.com./',
  'file:///etc/passwd',
];
const NAMES = [
  ...['Authorization', 'Cookie', 'Host', 'Proxy-Authorization', 'Content-Length', '__proto__'],
  ...[
    'constructor',
    'X-Tenant',
    'x-tenant',
    'If-Match',
    'accept-x',
    'common',
    'get',
    'set',
    'a b',
    '',
  ],
];
const VALUES = [
  'a\r\nHost: b.example',
  'a\0',
  '\n',
  'x'.repeat(2e5),
  SECRET,
  '\u0100',
  false,
  null,
  5,
  ['a'],
];

/** A value in place of another one. */
function changed(random: Random, value: unknown): unknown {
  if (typeof value === 'string' && !random.oneIn(3)) return mutate(random, value);
  return random.pick<() => unknown>([
    () => anyObject(random),
    () => random.pick([NaN, Infinity, -1, 0.5, 1e300, 2 ** 53, -0, 1e15, 503, 99, 1000]),
    () => random.pick<unknown>(VALUES),
    () => deep(random.pick([5, 99, 101, 5000])),
    () => Array(random.pick([3, 101, 20_000])).fill(value),
    () => JSON.parse('{"__proto__":{"polluted":1}}') as unknown,
    () => Object.defineProperty({}, 'a', { get: () => SECRET, enumerable: true }),
    () => undefined,
  ])();
}

const headersOf = (many: number): object =>
  Object.fromEntries(Array.from({ length: many }, (_, i) => [`If-${i}`, 'a']));

function ownValue(target: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(target, name)?.value as unknown;
}

/** Sets a property, if the object lets it. */
function put(target: object, name: string, value: unknown): void {
  try {
    Reflect.set(target, name, value);
  } catch {
    // A Proxy that was put there before.
  }
}

/** Changes a field somewhere in a ticket, adds one or leaves one out. */
function forge(random: Random, ticket: Fields): unknown {
  const inner = Object.values(ticket).filter((one) => typeof one === 'object' && one !== null);
  let target = random.oneIn(2) ? ticket : (random.pick(inner) as Fields);
  if (types.isProxy(target)) target = ticket;
  const name = random.pick(Object.keys(target)) ?? 'a';
  random.pick<() => unknown>([
    () => put(target, name, changed(random, ownValue(target, name))),
    () => put(target, name, changed(random, ownValue(target, name))),
    () => Reflect.deleteProperty(target, name),
    () =>
      put(
        target,
        random.pick([...NAMES, 'baseURL', 'adapter', 'auth', 'socketPath']),
        changed(random, 'a'),
      ),
    () =>
      put(ticket, 'url', random.oneIn(2) ? random.pick(URLS) : mutate(random, random.pick(URLS))),
    () =>
      put(
        ticket,
        'method',
        random.pick(['CONNECT', 'TRACE', 'get', 'GET\r\nHost: b', '', 'TRACK']),
      ),
    () => put(ticket, 'headers', { [random.pick(NAMES)]: random.pick<unknown>(VALUES) }),
    () => put(ticket, 'headers', headersOf(random.pick([99, 100, 101, 5000]))),
    () => put(ticket, 'body', { type: 'bytes', value: mutate(random, 'AAECAw==') }),
    () => Object.setPrototypeOf(ticket, { polluted: 1 }),
  ])();
  return random.oneIn(50) ? changed(random, 'a') : ticket;
}

interface Sent {
  readonly config: InternalAxiosRequestConfig;
  readonly origins: readonly string[];
}

/** An app whose requests all carry its credentials, and the requests that it sent. */
function createApp(baseURL: string) {
  const sent: Sent[] = [];
  const api = axios.create({
    baseURL,
    headers: { common: { Authorization: `Bearer ${SECRET}` } },
    adapter: async (config) => {
      const uri = axios.getUri(config);
      const origins = [undefined, 'http://localhost'].map((base) => new URL(uri, base).origin);
      sent.push({ config, origins });
      return { status: 200, statusText: '', headers: {}, data: '', config };
    },
  });
  const deferral = createDeferral({ save: () => undefined, headers: ['X-Tenant'] });
  attachRetry(api, { deferral });
  return { deferral, sent };
}

const ALLOWED =
  /^(authorization|accept|accept-.*|content-type|content-language|content-length|if-.*|prefer|idempotency-key|x-tenant|user-agent)$/i;

function isAllowed({ config, origins }: Sent): boolean {
  const headers = Object.entries(config.headers);
  return (
    origins.every((origin) => origin === OWN) &&
    headers.every(([name]) => ALLOWED.test(name)) &&
    headers.every(([, value]) => !/[\r\n\0]/.test(String(value))) &&
    String(config.headers.Authorization) === `Bearer ${SECRET}` &&
    !/^(connect|trace|track)$/i.test(String(config.method)) &&
    /^[\w!#$%&'*+.^`|~-]+$/.test(String(config.method))
  );
}

export const forgeTickets: Idea = async (random, scale) => {
  const failures = new Failures();
  const schema = new URL('../../retry-ticket.schema.json', import.meta.url);
  const accepts: ValidateFunction = new Ajv({ strictTypes: true }).compile(
    JSON.parse(readFileSync(schema, 'utf8')) as object,
  );
  const tally = { parsed: 0, accepted: 0, beyond: 0, resumed: 0, sent: 0 };
  const apps = [OWN, `${OWN}/v1`, `${OWN}/`, `${OWN}/v1//b.example/..`].map(createApp);
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  for (let i = 0; i < 2500 * scale; i += 1) {
    const valid = validTicket(random);
    let forged: unknown = valid;
    for (let left = random.below(3); left > 0 && forged === valid; left -= 1)
      forged = forge(random, valid);
    tally.parsed += 1;
    let error: unknown;
    let ticket: RetryTicket | undefined;
    try {
      ticket = parseTicket(forged);
      tally.accepted += 1;
    } catch (thrown) {
      error = thrown;
    }
    if (error !== undefined) {
      const { message } = error as Error;
      const isClear =
        error instanceof TypeError && message.startsWith('axios-status-retry: parseTicket: ');
      if (!isClear || message.length > 500)
        failures.add('a forged ticket is refused by a clear, short error', { forged, error });
      if (message.includes(SECRET))
        failures.add('the error of a forged ticket shows no value', { forged, message });
    }
    failures.check('a ticket and its schema agree', { forged, error }, () => {
      let json: unknown;
      try {
        json = JSON.parse(JSON.stringify(forged));
      } catch {
        return ticket === undefined;
      }
      // JSON has lost what else was in it, such as a getter.
      if (ticket === undefined && JSON.stringify(json) !== JSON.stringify(forged)) return true;
      const isValid = accepts(json) as boolean;
      if (ticket !== undefined)
        return isValid && JSON.stringify(parseTicket(ticket)) === JSON.stringify(ticket);
      if (!isValid) return true;
      tally.beyond += 1;
      return (
        BEYOND_SCHEMA.test((error as Error).message) ||
        /takes plain JSON/.test((error as Error).message)
      );
    });
    if (ticket !== undefined && ticket.notBefore > Date.now()) continue;
    if (ticket === undefined && !random.oneIn(10)) continue;
    const { deferral, sent } = random.pick(apps);
    tally.resumed += 1;
    const refusal: unknown = await deferral.resume(forged as RetryTicket).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const requests = sent.splice(0);
    tally.sent += requests.length;
    if (refusal === undefined ? requests.length !== 1 : requests.length > 0) {
      failures.add('a ticket is refused or sent, once', { forged, refusal });
    }
    for (const one of requests) {
      if (!isAllowed(one))
        failures.add('a ticket sends only what the contract allows', {
          forged,
          origins: one.origins,
          headers: one.config.headers,
        });
    }
    if (
      refusal !== undefined &&
      !String((refusal as Error).message).startsWith('axios-status-retry: ')
    ) {
      failures.add('a ticket is refused by an error of the package', { forged, refusal });
    }
  }
  if ('polluted' in {}) failures.add('no prototype is polluted', {});
  if (unhandled.length > 0) failures.add('no rejection is unhandled', unhandled);
  process.off('unhandledRejection', onUnhandled);
  return {
    figures: [
      ['tickets, valid and forged', count(tally.parsed)],
      ['of them accepted, and valid by the schema', count(tally.accepted)],
      ['refused for what the schema cannot say', count(tally.beyond)],
      ['given to `resume`', count(tally.resumed)],
      ['sent, each to its own host with nothing else', count(tally.sent)],
    ],
    failures: failures.list,
  };
};

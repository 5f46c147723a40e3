import fc from 'fast-check';
import { parseTicket } from '../../src/deferral/parse-ticket.js';
import { MAX_TICKET_BYTES } from '../../src/deferral/ticket.js';
import { json, tickets, ticketWith, ticketWithout } from '../support/tickets.js';

/** The message with which parseTicket refuses a value, without its beginning and end; undefined if it accepts it. */
function messageFor(value: unknown): string | undefined {
  try {
    parseTicket(value);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    const { message } = error as Error;
    const shape =
      /^axios-status-retry: parseTicket: (.*); see axios-status-retry\/errors\.md#invalid-ticket$/;
    expect(message).toMatch(shape);
    expect(message.length).toBeLessThan(350);
    return shape.exec(message)?.[1];
  }
  return undefined;
}

const headersOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`Accept-${i}`, 'a']));

const messageWith = (more: object) => messageFor(ticketWith(more));
const unsent = {
  sent: false,
  retries: 0,
  firstSentAt: undefined,
  lastStatus: undefined,
  attempts: [],
};
const unsentWith = (more: object) => {
  const { firstSentAt, lastStatus, ...rest } = ticketWith(unsent);
  return { ...rest, ...more };
};

describe('a valid ticket', () => {
  it('is copied into plain objects', () => {
    const given = ticketWith();
    const parsed = parseTicket(given);
    expect(parsed).toStrictEqual(given);
    expect(parsed).not.toBe(given);
    for (const name of ['params', 'headers', 'body', 'attempts'] as const) {
      expect(parsed[name]).not.toBe(given[name]);
    }
  });

  it('is the same after it was text', () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        const text = JSON.stringify(ticket);
        expect(JSON.stringify(parseTicket(JSON.parse(text)))).toBe(text);
      }),
    );
  });

  it.each(['params', 'body', 'lastStatus'])('may lack %s', (field) => {
    expect(messageFor(ticketWithout(field))).toBeUndefined();
  });

  it('may never have been sent', () => {
    expect(messageFor(unsentWith({}))).toBeUndefined();
  });

  it.each<[string, object]>([
    ['GET', { method: 'GET' }],
    ['an unusual method', { method: 'M-SEARCH' }],
    ['http', { url: 'http://localhost:3000' }],
    ['a query without a path', { url: 'https://a.example?x' }],
    ['an IPv6 address', { url: 'http://[::1]:80/x' }],
    ['an @ in path and query', { url: 'https://a.example/@me?to=a@b' }],
    ['a backslash in the query', { url: 'https://a.example/?a=\\b' }],
    ['the key in another letter case', { headers: { 'idempotency-key': 'order-1' } }],
    ['a key that is not among the headers', { headers: {} }],
    ['an empty text', { body: { type: 'text', value: '' } }],
    ['a form', { body: { type: 'form', value: 'a=1' } }],
    ['bytes', { body: { type: 'bytes', value: 'AP8=' } }],
    ['empty bytes', { body: { type: 'bytes', value: '' } }],
    ['null', { body: { type: 'json', value: null } }],
    ['Latin-1 in a header', { headers: { Prefer: '\tZürich ÿ' } }],
    [
      'keys that objects inherit',
      { params: { constructor: 1, toString: null, toJSON: 1, __defineGetter__: [] } },
    ],
    ['the last time of a Date', { notBefore: 8.64e15, firstSentAt: 0 }],
    ['100 attempts', { attempts: Array(100).fill({ sentAt: 0 }) }],
  ])('may have %s', (_words, more) => {
    expect(messageWith(more)).toBeUndefined();
  });

  it('may forbid an idempotency key', () => {
    const { idempotencyKey, ...ticket } = ticketWith({ headers: { 'Idempotency-Key': false } });
    expect(messageFor(ticket)).toBeUndefined();
  });
});

describe('an invalid ticket', () => {
  it.each<[unknown, string]>([
    [undefined, 'ticket takes plain JSON; got undefined'],
    [null, 'the ticket takes an object; got null'],
    ['{"version":1}', 'the ticket takes an object; got a string of 13 characters'],
    [7, 'the ticket takes an object; got 7'],
    [true, 'the ticket takes an object; got true'],
    [[], 'the ticket takes an object; got [object Array]'],
    [new Map(), 'ticket takes plain JSON; got [object Map]'],
    [() => ticketWith(), 'ticket takes plain JSON; got [object Function]'],
    [{}, 'ticket.version takes 1; got undefined'],
  ])('is not an object with a version: %p', (value, message) => {
    expect(messageFor(value)).toBe(message);
  });

  it.each([[2], [0], ['1'], [null], [[1]], [undefined]])(
    'is refused for its version first, whatever else is wrong: %p',
    (version) => {
      for (const other of [
        { version, request: { uri: 1 } },
        { ...ticketWith(), version, sent: 3 },
      ]) {
        const given = JSON.parse(JSON.stringify(other));
        expect(messageFor(given)).toMatch(/^ticket\.version takes 1; got /);
      }
    },
  );

  it('may have 100 headers, and no more, because Axios takes the square of their number in time', () => {
    expect(messageWith({ headers: headersOf(100) })).toBeUndefined();
    expect(messageWith({ headers: headersOf(101) })).toMatch('100 header names at most');
  });

  it.each([
    'version',
    'id',
    'method',
    'url',
    'headers',
    'sent',
    'retries',
    'notBefore',
    'firstSentAt',
    'attempts',
  ])('lacks %s', (field) => {
    expect(messageFor(ticketWithout(field))).toMatch(`ticket.${field} takes `);
    expect(messageFor(ticketWithout(field))).toMatch(/; got undefined$/);
  });

  it.each<[string, string, unknown[]]>([
    [
      'id',
      '1 to 128 letters, digits, "-" or "_"',
      ['', 'a'.repeat(129), 'a b', '../a', 'a\n', 'é', 1, null],
    ],
    [
      'method',
      'a method in capitals, but CONNECT, TRACE and TRACK',
      ['get', 'Get', '', 'G T', 'GET\r\n', 'GÉT', 'CONNECT', 'TRACE', 'TRACK', 1, null],
    ],
    ['params', 'an object', ['a=1', 1, null, [], true]],
    [
      'headers',
      'an object of 100 header names at most, with a text or false',
      ['a: b', null, [], 1, headersOf(101)],
    ],
    [
      'body',
      '{ type: "json", "text", "form" or "bytes", value }',
      [
        'text',
        null,
        [],
        {},
        { type: 'json' },
        { value: 1 },
        { type: 'json', value: 1, more: 1 },
        { type: 'xml', value: '' },
        { type: 'constructor', value: '' },
        { type: 'text', value: 1 },
        { type: 'form', value: {} },
        { type: 'bytes', value: [1] },
        { type: 'bytes', value: 'A' },
        { type: 'bytes', value: 'AA-_' },
        { type: 'bytes', value: 'AA==AA==' },
        { type: 'bytes', value: 'AA==\n' },
      ],
    ],
    ['sent', 'true or false', [1, 'true', null]],
    ['retries', 'an integer, 0 or more', [-1, 1.5, '1', null, Number.MAX_SAFE_INTEGER]],
    ['notBefore', 'epoch milliseconds', [-1, '2030-01-01', null, 8.64e15 + 1, 1e300]],
    ['firstSentAt', 'epoch milliseconds', [-1, '2030-01-01', null, 8.64e15 + 1]],
    ['lastStatus', 'a status, 100 to 999', [99, 1000, 503.5, '503', null]],
    ['idempotencyKey', 'the text of a header', ['', 'a\nb', 'a\0', '☃', 1, null, false]],
    [
      'attempts',
      '100 of { sentAt, status, code, delay } at most',
      [
        null,
        {},
        [1],
        [null],
        [[]],
        [{}],
        [{ sentAt: -1 }],
        [{ sentAt: 0, status: 0 }],
        [{ sentAt: 0, status: 200.5 }],
        [{ sentAt: 0, code: '' }],
        [{ sentAt: 0, code: 'a b' }],
        [{ sentAt: 0, code: 'a'.repeat(65) }],
        [{ sentAt: 0, delay: -1 }],
        [{ sentAt: 0, delay: '8s' }],
        [{ sentAt: 0, more: 1 }],
        [{ status: 503 }],
        Array(101).fill({ sentAt: 0 }),
      ],
    ],
  ])('has an invalid %s', (field, accepted, values) => {
    for (const value of values) {
      expect(messageWith({ [field]: value })).toMatch(`ticket.${field} takes ${accepted}; got `);
    }
  });

  it('has an unknown field', () => {
    const names =
      'version, id, method, url, params, headers, body, sent, retries, notBefore, firstSentAt, lastStatus, idempotencyKey, attempts';
    for (const name of ['auth', 'baseURL', 'adapter', 'constructor', 'hasOwnProperty']) {
      expect(messageWith({ [name]: 1 })).toBe(
        `unknown field ticket.${name}; a ticket has ${names}`,
      );
    }
    expect(messageWith({ ['x\n'.repeat(1e4)]: 1 })).toMatch(/^unknown field ticket\["x\\nx/);
  });

  it.each([
    'api.example.com',
    '/v1/orders',
    '//api.example.com/',
    'https:/api.example.com',
    'https:api.example.com',
    'https:///api.example.com',
    'https://',
    'https://?',
    'https://:80/',
    'https://a.example:99999/',
    'https://a%00b/',
    'HTTPS://a.example/',
    'ftp://a.example/',
    'file:///etc/passwd',
    'data:text/plain,a',
    'javascript:alert(1)',
    'https://me:secret@a.example/',
    'https://me@a.example/',
    'https://:secret@a.example/',
    'https://@a.example/',
    'https://:@a.example/',
    'https://a.example@b.example',
    'https://a.example/#top',
    'https://a.example#',
    ' https://a.example/',
    'https://a.example/\n',
    'https://a.exa\tmple/',
    'https://a.example/x y',
    'https://a.example/?x y',
    'https://a.example/\u00a0',
    'https:\\\\a.example\\',
    'https://a.example\\@b.example/',
    'https://a.example\\.b.example/',
    'https://a.example/\\b.example',
    '\0https://a.example/',
    '',
  ])('has an invalid URL, which the message does not show: %j', (url) => {
    expect(messageWith({ url })).toBe(
      `ticket.url takes an absolute http or https URL without user info and fragment; got a string of ${url.length} characters`,
    );
  });

  it.each(['', ' ', 'Accept ', 'A B', 'A:B', 'Accept\n', 'Accept\0', 'Äccept'])(
    'has a header whose name is not a token: %j',
    (name) => {
      expect(messageWith({ headers: { [name]: 'a' } })).toBe(
        `ticket.headers takes names that are tokens; got a string of ${name.length} characters`,
      );
    },
  );

  it.each([
    'Authorization',
    'AUTHORIZATION',
    'proxy-authorization',
    'Cookie',
    'cOOKIE',
    'Set-Cookie',
  ])('has a header that holds a credential: %s', (name) => {
    for (const value of ['secret', false]) {
      expect(messageWith({ headers: { [name]: value } })).toBe(
        `ticket.headers takes no credential; got ${name}`,
      );
    }
  });

  it.each<[unknown, string]>([
    ['a\rb', 'a string of 3 characters'],
    ['a\nb', 'a string of 3 characters'],
    ['a\r\nHost: b.example', 'a string of 18 characters'],
    ['a\0', 'a string of 2 characters'],
    ['\x7f', 'a string of 1 characters'],
    ['Ā', 'a string of 1 characters'],
    ['☃', 'a string of 1 characters'],
    [4111, 'a number'],
    [true, 'true'],
    [null, 'null'],
    [['a'], '[object Array]'],
  ])('has an invalid header value, which the message does not show: %j', (value, shown) => {
    expect(messageWith({ headers: { Prefer: value } })).toBe(
      `ticket.headers["Prefer"] takes the text of a header or false; got ${shown}`,
    );
  });

  it.each<[string, object]>([
    ['another key', { headers: { 'idempotency-KEY': 'order-2' } }],
    ['no key', { headers: { 'Idempotency-Key': false } }],
    ['a key without the field', { idempotencyKey: undefined }],
  ])('has a header that differs from its idempotency key: %s', (_words, more) => {
    const given = JSON.parse(JSON.stringify(ticketWith(more)));
    expect(messageFor(given)).toMatch(
      /^ticket\.headers\["idempotency-key"\] takes the same as ticket\.idempotencyKey; got (false|a string of \d characters)$/i,
    );
  });

  it.each<[string, object]>([
    ['retries', { retries: 1 }],
    ['a first send', { firstSentAt: 0 }],
    ['a last status', { lastStatus: 503 }],
    ['attempts', { attempts: [{ sentAt: 0 }] }],
  ])('was never sent, but has %s', (_words, more) => {
    expect(messageFor(unsentWith(more))).toBe(
      'ticket.sent takes false only without retries, firstSentAt, lastStatus and attempts; got false',
    );
  });
});

describe('a value that is not plain JSON', () => {
  class Order {
    readonly a = 1;
  }
  const throws = () => {
    throw new Error('trap');
  };
  const inherits = (properties: object) => Object.create(properties) as object;
  const symbol = { [Symbol('a')]: 1 };
  const proto = JSON.parse('{"__proto__":{"a":1}}') as object;
  const accessor = Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 });

  it.each<[string, unknown]>([
    ['a class instance', new Order()],
    ['a Date', new Date(0)],
    ['a BigInt', 1n],
    ['NaN', Number.NaN],
    ['Infinity', Number.NEGATIVE_INFINITY],
    ['undefined', undefined],
    ['a function', throws],
    ['a symbol', Symbol('a')],
    ['a symbol key', symbol],
    ['the key __proto__', proto],
    ['an accessor', accessor],
    ['an object that inherits', inherits({ a: 1 })],
    ['a Proxy whose traps throw', new Proxy({}, { ownKeys: throws })],
    ['bytes', Buffer.from('a')],
    ['a Promise', Promise.resolve()],
  ])('is refused anywhere in a ticket: %s', (_words, value) => {
    const whole = [
      { params: { a: value } },
      { body: { type: 'json', value: [value] } },
      { headers: { Prefer: value } },
      { attempts: [value] },
      { id: value },
      { idempotencyKey: value },
    ];
    for (const more of whole) expect(messageWith(more)).toMatch(/plain JSON|must not have the key/);
  });

  it('is refused as a ticket', () => {
    expect(messageFor(Object.assign(new Order(), ticketWith()))).toMatch(/plain JSON/);
    expect(messageFor(inherits(ticketWith()))).toMatch(/plain JSON/);
    expect(messageFor(Object.assign(ticketWith(), symbol))).toBe(
      'ticket must not have the key Symbol(a)',
    );
    expect(messageFor(JSON.parse('{"__proto__":{"version":1}}'))).toMatch('"__proto__"');
    expect(messageFor(Object.defineProperty(ticketWith(), 'url', { get: throws }))).toMatch(
      /plain JSON/,
    );
    for (const trap of ['ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const) {
      expect(messageFor(new Proxy(ticketWith(), { [trap]: throws }))).toMatch(/plain JSON/);
    }
  });

  it('is refused if it is a circle or nested too deeply', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let deep: unknown = 1;
    for (let i = 0; i < 1e5; i += 1) deep = [deep];
    for (const value of [circle, deep, JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)]) {
      expect(messageWith({ body: { type: 'json', value } })).toBe(
        'the ticket is nested too deeply',
      );
    }
  });
});

describe('a ticket of more than 1 MiB', () => {
  const tooLarge = `the ticket takes ${MAX_TICKET_BYTES} bytes of JSON at most; got more`;
  const bodyOf = (value: unknown) => ticketWith({ body: { type: 'json', value } });
  const room = MAX_TICKET_BYTES - JSON.stringify(bodyOf('')).length;

  it('is refused, counted in UTF-8', () => {
    expect(MAX_TICKET_BYTES).toBe(2 ** 20);
    expect(messageFor(bodyOf('a'.repeat(room)))).toBeUndefined();
    expect(messageFor(bodyOf('a'.repeat(room + 1)))).toBe(tooLarge);
    expect(messageFor(bodyOf('é'.repeat(room / 2 + 1)))).toBe(tooLarge);
    expect(messageFor(bodyOf('\n'.repeat(room / 2 + 1)))).toBe(tooLarge);
  });

  /** In CPU time, because other processes use the machine too. */
  const MAX_CPU_MS = 3000;
  function cpuTimeOf(work: () => void): number {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user / 1000;
  }

  /** An array that holds the next one twice: 2 ** `levels` values. */
  function doubled(levels: number): unknown {
    let value: unknown = 1;
    for (let i = 0; i < levels; i += 1) value = [value, value];
    return value;
  }

  it.each<[string, () => unknown]>([
    ['a long text', () => bodyOf('a'.repeat(2 ** 22))],
    ['a long name', () => bodyOf({ ['a'.repeat(2 ** 22)]: 1 })],
    ['a long array', () => bodyOf(Array(1.1e6).fill(0))],
    [
      'many names',
      () =>
        bodyOf(
          Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`n${i}${'x'.repeat(9)}`, 0])),
        ),
    ],
    ['an array that doubles with each level', () => bodyOf(doubled(90))],
    [
      'many long headers',
      () =>
        ticketWith({
          headers: Object.fromEntries(
            Array.from({ length: 2000 }, (_, i) => [`X-${i}`, 'a'.repeat(1000)]),
          ),
        }),
    ],
    ['many attempts', () => ticketWith({ attempts: Array(3e5).fill({ sentAt: 0 }) })],
  ])('is refused quickly: %s', (_words, make) => {
    const given = make();
    const took = cpuTimeOf(() => expect(messageFor(given)).toBe(tooLarge));
    expect(took).toBeLessThan(MAX_CPU_MS);
  });

  it('is refused quickly if an array has a length but no items', () => {
    expect(messageFor(bodyOf(new Array(4e9)))).toBe(
      'ticket.body.value[0] takes plain JSON; got undefined',
    );
  });

  it('is refused quickly if a long value fails its pattern at the last character', () => {
    const long = 'a'.repeat(room - 100);
    const worstCases = [
      { url: `https://${long}#` },
      { url: `https://a.example/${'?/'.repeat(room / 2 - 100)}#` },
      { body: { type: 'bytes', value: `${long.slice(0, long.length - (long.length % 4))}!` } },
      { headers: { Prefer: `${long}\n` } },
      { headers: { [`${long}:`]: 'a' } },
      { idempotencyKey: `${long}☃` },
      { id: long },
      { method: `${'A'.repeat(long.length)}b` },
      { attempts: [{ sentAt: 0, code: long }] },
    ];
    for (const more of worstCases) {
      const { body, ...ticket } = ticketWith();
      const took = cpuTimeOf(() => expect(messageFor({ ...ticket, ...more })).toMatch(/ takes /));
      expect(took).toBeLessThan(MAX_CPU_MS);
    }
  });

  it('may not have one byte more than fits', () => {
    const value = 'A'.repeat(room - (room % 4) - 16);
    expect(messageWith({ body: { type: 'bytes', value } })).toBeUndefined();
  });
});

describe('parseTicket', () => {
  it('throws a TypeError with a message for any invalid value', () => {
    const keys = fc.constantFrom(...Object.keys(ticketWith()), '__proto__', 'constructor');
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.anything(),
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSparseArray: true,
        withTypedArray: true,
        withBoxedValues: true,
      }),
    );
    const shaped = fc.dictionary(keys, anything).map((value) => ({ version: 1, ...value }));
    fc.assert(
      fc.property(fc.oneof(anything, shaped), (value) => {
        expect(messageFor(value)).toEqual(expect.any(String));
      }),
      { numRuns: 1000 },
    );
  });

  it('never shows a value of a URL, a header or a body', () => {
    const secret = 'ghp_0123456789';
    const places = fc.constantFrom<(value: unknown) => object>(
      (value) => ({ url: value }),
      (value) => ({ url: `https://me:${value}@a.example/` }),
      (value) => ({ headers: { Prefer: value, 'Idempotency-Key': value } }),
      (value) => ({ headers: { Prefer: `${value}\n` } }),
      (value) => ({ headers: { [`${value}:`]: 'a' } }),
      (value) => ({ body: value }),
      (value) => ({ body: { type: 'bytes', value } }),
      (value) => ({ body: { type: 'json', value: [Symbol(String(value)), value] } }),
      (value) => ({ idempotencyKey: value }),
      (value) => ({ params: value }),
      (value) => ({ id: `${value} ` }),
      (value) => ({ method: value }),
      (value) => ({ version: value }),
    );
    const values = fc.oneof(
      json.map((value) => [secret, value]),
      fc.string().map((text) => `${secret}${text}`),
      fc.constant(BigInt(0x1234567890)),
    );
    fc.assert(
      fc.property(places, values, (place, value) => {
        const message = messageFor({ ...ticketWith(), ...place(value) }) ?? '';
        expect(message).not.toContain(secret);
        expect(message).not.toContain('78187493520');
      }),
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parseTicket } from '../../src/deferral/parse-ticket.js';
import { run } from '../support/run.js';
import { json, tickets, ticketWith, ticketWithout } from '../support/tickets.js';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'retry-ticket.schema.json'), 'utf8');
const accepts = new Ajv({ strictTypes: true }).compile(JSON.parse(text));

function parses(ticket: unknown): boolean {
  try {
    parseTicket(ticket);
    return true;
  } catch {
    return false;
  }
}

describe('the schema of a ticket', () => {
  it('is up to date: `npm run schema` writes it', async () => {
    const command = ['--import', 'tsx', 'scripts/ticket-schema.mjs', '--print'];
    expect(await run(root, process.execPath, ...command)).toBe(text);
  });

  it('accepts every ticket that parseTicket accepts', () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        expect(parses(ticket)).toBe(true);
        expect(accepts(ticket) || accepts.errors).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('accepts every changed ticket that parseTicket accepts', () => {
    const fields = fc.constantFrom(...Object.keys(ticketWith()), 'more');
    const values = fc.oneof(
      json,
      fc.constantFrom(
        0,
        1,
        -1,
        1.5,
        9.1e15,
        true,
        false,
        null,
        '',
        'A',
        'a b',
        '\\',
        'é',
        '☃',
        '\n',
      ),
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
    );
    /** The ticket with another value for a field or for something in it. */
    const changed = (ticket: object, [field, ...path]: string[], value: unknown): object => {
      const given = ticket as Record<string, object>;
      const part = field === undefined ? undefined : given[field];
      if (field === undefined || value === undefined) {
        return Object.fromEntries(Object.entries(ticket).filter(([name]) => name !== field));
      }
      const isInner = path.length > 0 && typeof part === 'object' && part !== null;
      return { ...ticket, [field]: isInner ? changed(part, path, value) : value };
    };
    const inner = fc.constantFrom([], ['type'], ['value'], ['Prefer'], ['Idempotency-Key'], ['0']);
    let refused = 0;
    fc.assert(
      fc.property(tickets, fields, inner, fc.option(values, { nil: undefined }), (...given) => {
        const [ticket, field, path, value] = given;
        const mutant = changed(ticket, [field, ...path], value);
        if (!parses(mutant)) refused += 1;
        else expect(accepts(mutant) || accepts.errors).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('accepts a valid ticket, sent or not', () => {
    const { firstSentAt, lastStatus, ...unsent } = ticketWith({
      sent: false,
      retries: 0,
      attempts: [],
    });
    for (const ticket of [ticketWith(), unsent]) expect(accepts(ticket)).toBe(true);
  });

  it.each(Object.keys(ticketWith()).filter((field) => !/params|body|lastStatus|idemp/.test(field)))(
    'refuses a ticket without %s, as parseTicket does',
    (field) => {
      const ticket = ticketWithout(field);
      expect(parses(ticket)).toBe(false);
      expect(accepts(ticket)).toBe(false);
    },
  );

  const long = 'a'.repeat(129);
  it.each<[string, unknown[]]>([
    ['version', [2, '1', null]],
    ['id', ['', 'a b', long, 1]],
    ['method', ['get', 'Get', 'G T', '', 'CONNECT', 'TRACE', 'TRACK']],
    [
      'url',
      [
        '/x',
        '//a/',
        'ftp://a/',
        'https://me:secret@a/',
        'https://@a/',
        'https://a/#b',
        'https://a/ b',
        'https://a\\b',
        'https://a/\\b',
        'HTTPS://a/',
        'https://',
      ],
    ],
    ['params', [[], 'a=1', null]],
    [
      'headers',
      [
        ...[
          { Authorization: 'a' },
          { COOKIE: 'a' },
          { 'proxy-authorization': false },
          { 'Set-Cookie': 'a' },
        ],
        ...[
          { 'A B': 'a' },
          { '': 'a' },
          { Prefer: 'a\nb' },
          { Prefer: '☃' },
          { Prefer: true },
          { Prefer: ['a'] },
          [],
          null,
        ],
      ],
    ],
    [
      'body',
      [
        ...[
          'a',
          null,
          {},
          { type: 'json' },
          { type: 'xml', value: 'a' },
          { type: 'text', value: 1 },
        ],
        ...[
          { type: 'bytes', value: 'A' },
          { type: 'form', value: null },
          { type: 'json', value: 1, more: 1 },
        ],
      ],
    ],
    ['sent', [0, 'true', null, false]],
    ['retries', [-1, 1.5, '1', Number.MAX_SAFE_INTEGER]],
    ['notBefore', [-1, 8.64e15 + 1, '2030-01-01', null]],
    ['firstSentAt', [-1, 8.64e15 + 1, null]],
    ['lastStatus', [99, 1000, 503.5, '503']],
    ['idempotencyKey', ['', 'a\nb', '☃', null]],
    [
      'attempts',
      [
        ...[
          {},
          [1],
          [{}],
          [{ sentAt: -1 }],
          [{ sentAt: 0, status: 99 }],
          [{ sentAt: 0, status: 1.5 }],
        ],
        ...[[{ sentAt: 0, code: 'a b' }], [{ sentAt: 0, code: '' }], [{ sentAt: 0, delay: -1 }]],
        ...[[{ sentAt: 0, more: 1 }], Array(101).fill({ sentAt: 0 })],
      ],
    ],
    ['more', [1]],
  ])('refuses an invalid %s, as parseTicket does', (field, values) => {
    for (const value of values) {
      const ticket = ticketWith({ [field]: value });
      expect([value, parses(ticket)]).toEqual([value, false]);
      expect([value, accepts(ticket)]).toEqual([value, false]);
    }
  });

  it('refuses a ticket that was never sent but has attempts, as parseTicket does', () => {
    const fresh = { sent: false, retries: 0, attempts: [] };
    const { firstSentAt, lastStatus, ...unsent } = ticketWith(fresh);
    for (const more of [
      { retries: 1 },
      { firstSentAt },
      { lastStatus },
      { attempts: [{ sentAt: 0 }] },
    ]) {
      expect(parses({ ...unsent, ...more })).toBe(false);
      expect(accepts({ ...unsent, ...more })).toBe(false);
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ResumedProgress, toRequestConfig } from '../../src/deferral/resume.js';
import { parseTicket } from '../../src/deferral/ticket.js';

const text = readFileSync(join(__dirname, '../fixtures/retry-ticket.v1.json'), 'utf8');
const ticket = parseTicket(JSON.parse(text));
const request = (baseURL: unknown) =>
  toRequestConfig(ticket, {}, baseURL, new ResumedProgress(ticket, 0)) as {
    url: string;
    baseURL: unknown;
  };

describe('the request of a ticket', () => {
  it.each([
    ['https://api.example.com', '/v1/orders?dry=0'],
    ['https://api.example.com/v1', '/orders?dry=0'],
    ['https://api.example.com/v1/', '/orders?dry=0'],
    ['https://user:password@api.example.com/v1', '/orders?dry=0'],
  ])('is relative to the base it lies below: %s', (base, url) => {
    expect(request(base)).toMatchObject({ url, baseURL: base });
  });

  it.each(['https://api.example.com/v', 'https://api.example.com/v2', 'https://other.example', ''])(
    'is absolute where it does not: %j',
    (base) => {
      expect(request(base)).toMatchObject({ url: ticket.url, baseURL: '' });
    },
  );
});

describe('a Resumption', () => {
  it('counts the retry that is sent of it, and none for a request that was never sent', () => {
    expect(new ResumedProgress(ticket, 0).retries).toBe(4);
    const fresh = { ...ticket, sent: false, retries: 0 };
    expect(new ResumedProgress(fresh, 0).retries).toBe(0);
  });

  it('shows of a ticket only the report where a config is logged', () => {
    const resumption = new ResumedProgress(ticket, 0);
    expect(inspect(resumption)).not.toContain('tea');
    expect(JSON.parse(JSON.stringify(resumption))).toEqual({ attempts: ticket.attempts });
  });
});

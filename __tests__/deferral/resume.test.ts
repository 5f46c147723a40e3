import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { parseTicket } from '../../src/deferral/parse-ticket.js';
import { ResumedProgress, toRequestConfig } from '../../src/deferral/resume.js';

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
  ])('has a URL relative to the base if it is below the base: %s', (base, url) => {
    expect(request(base)).toMatchObject({ url, baseURL: base });
  });

  it.each(['https://api.example.com/v', 'https://api.example.com/v2', 'https://other.example', ''])(
    'has an absolute URL otherwise: %j',
    (base) => {
      expect(request(base)).toMatchObject({ url: ticket.url, baseURL: '' });
    },
  );
});

describe('ResumedProgress', () => {
  it('counts the retry that is about to be sent, but not a first send', () => {
    expect(new ResumedProgress(ticket, 0).retries).toBe(4);
    const fresh = { ...ticket, sent: false, retries: 0 };
    expect(new ResumedProgress(fresh, 0).retries).toBe(0);
  });

  it('does not count the same send again, after an attempt that no wait was decided for', () => {
    const again = { ...ticket, attempts: [...ticket.attempts, { sentAt: 0, status: 401 }] };
    expect(new ResumedProgress(again, 0).retries).toBe(3);
    expect(new ResumedProgress({ ...again, retries: 0 }, 0).retries).toBe(0);
    expect(new ResumedProgress({ ...ticket, attempts: [] }, 0).retries).toBe(4);
  });

  it('shows only the report when a config is logged', () => {
    const progress = new ResumedProgress(ticket, 0);
    expect(inspect(progress)).not.toContain('tea');
    expect(JSON.parse(JSON.stringify(progress))).toEqual({ attempts: ticket.attempts });
  });
});

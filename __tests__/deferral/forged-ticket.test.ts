import type { InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import fc from 'fast-check';
import { createDeferral } from '../../src/deferral/index.js';
import type { RetryTicket } from '../../src/deferral/ticket.js';
import { attachRetry } from '../../src/index.js';
import { ticketWith } from '../support/tickets.js';

const OWN = 'https://api.example.com';

interface Sent {
  readonly config: InternalAxiosRequestConfig;
  /** Where adapters send it: Node's, those of Axios before 1.7, and a browser's on another page. */
  readonly origins: readonly string[];
}

/** An app whose requests all carry its credentials, and the requests that it sent. */
function appWith(baseURL: string) {
  const sent: Sent[] = [];
  const api = axios.create({
    baseURL,
    headers: { common: { Authorization: 'Bearer secret' } },
    auth: { username: 'me', password: 'secret' },
    adapter: async (config) => {
      const uri = axios.getUri(config);
      const bases = [undefined, 'http://localhost', 'https://app.example/here/'];
      const origins = bases.map((base) => {
        try {
          return new URL(uri, base).origin;
        } catch {
          return 'nowhere';
        }
      });
      sent.push({ config, origins });
      return { status: 200, statusText: '', headers: {}, data: '', config };
    },
  });
  const deferral = createDeferral({ save: () => undefined, headers: ['X-Tenant'] });
  attachRetry(api, { deferral });
  const resume = (more: object) =>
    deferral.resume({ ...ticketWith({ notBefore: 0 }), ...more } as RetryTicket).then(
      () => undefined,
      (error: Error) => error.message,
    );
  return { resume, sent };
}

describe('a forged ticket', () => {
  it.each([
    'https://b.example/',
    'https://api.example.com.b.example/',
    'https://api.example.comb.example/',
    'https://api.example.com:8443/',
    'http://api.example.com/',
    'https://api.example.com@b.example/',
    'https://api.example.com:secret@b.example/',
    'https://b.example\\@api.example.com/',
    'https://b.example\\.api.example.com/',
    'https://b.example#@api.example.com/',
    'https://b.example?@api.example.com/',
    'https://b.example/\\api.example.com',
    '//b.example/v1/',
    'https:b.example',
    'https:/b.example',
    'https:///b.example',
    'ht\ntps://b.example',
    ' https://b.example',
    'https://api.example.com\t.b.example/',
    'https://api。example.com.b.example/',
    'https://api.example.com./',
    'data:text/plain,a',
    'file:///etc/passwd',
  ])('is not sent to another origin: %j', async (url) => {
    for (const base of [OWN, `${OWN}/v1`, `${OWN}/v1/`, 'https://me:secret@api.example.com/']) {
      const { resume, sent } = appWith(base);
      expect(await resume({ url })).toMatch(/ticket\.url takes |the ticket is for /);
      expect(sent).toEqual([]);
    }
  });

  it.each([
    `${OWN}//b.example/x`,
    `${OWN}///b.example/x`,
    `${OWN}//b.example/../../..`,
    `${OWN}/v1//b.example/x`,
    `${OWN}/v1//b.example/%2e%2e/`,
    `${OWN}/v1///b.example`,
    `${OWN}/v1/../..//b.example/`,
    `${OWN}/v1/?to=//b.example/`,
    `${OWN}/v1/https://b.example/`,
    `${OWN}/v1/@b.example/`,
    `${OWN}?@b.example/`,
  ])('is sent to its own URL even if that looks like two: %s', async (url) => {
    for (const base of [OWN, `${OWN}/`, `${OWN}/v1`, `${OWN}/v1/`, `${OWN}/v1//b.example/..`]) {
      const { resume, sent } = appWith(base);
      expect(await resume({ url, params: {} })).toBeUndefined();
      const [{ config, origins }] = sent as [Sent];
      expect(origins).toEqual([OWN, OWN, OWN]);
      expect(new URL(axios.getUri(config)).href).toBe(new URL(url).href);
    }
  });

  it('is never sent to another origin, whatever its URL is made of', async () => {
    const bases = fc.constantFrom(
      OWN,
      `${OWN}/`,
      `${OWN}/v1`,
      `${OWN}//`,
      `${OWN}/a//b.example/..`,
    );
    const parts = fc.constantFrom(
      ...['/', '//', '\\', '..', '@', ':', '?', '#', '%2e', 'v1', 'a', 'b.example', 'https:'],
    );
    const url = fc
      .tuple(
        fc.constantFrom(OWN, `${OWN}/`, `${OWN}/v1/`, 'https://b.example', '', 'https://'),
        fc.array(parts, { maxLength: 8 }),
      )
      .map(([start, rest]) => start + rest.join(''));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(bases, url, async (base, given) => {
        const { resume, sent } = appWith(base);
        await resume({ url: given });
        for (const { origins } of sent) expect(origins).toEqual([OWN, OWN, OWN]);
        count += sent.length;
      }),
      { numRuns: 300 },
    );
    expect(count).toBeGreaterThan(50);
  });

  it.each([
    'Authorization',
    'authorization',
    'Proxy-Authorization',
    'Cookie',
    'Host',
    'host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'X-Forwarded-Host',
    'X-HTTP-Method-Override',
    'common',
    'post',
    'constructor',
    'hasOwnProperty',
  ])('cannot add a header that the app does not allow: %s', async (name) => {
    const { resume, sent } = appWith(OWN);
    expect(await resume({ headers: { [name]: 'b.example' } })).toMatch(/credential|does not name/);
    expect(sent).toEqual([]);
  });

  it.each(['CONNECT', 'TRACE', 'TRACK', 'GET / HTTP/1.1\r\nHost: b.example\r\n\r\nGET'])(
    'cannot open a tunnel or smuggle a request: %j',
    async (method) => {
      const { resume, sent } = appWith(OWN);
      expect(await resume({ method })).toMatch(/ticket\.method takes /);
      expect(sent).toEqual([]);
    },
  );

  it.each(['baseURL', 'adapter', 'auth', 'proxy', 'socketPath', 'retry', 'constructor'])(
    'cannot set an option of the config: %s',
    async (name) => {
      const { resume, sent } = appWith(OWN);
      expect(await resume({ [name]: 'https://b.example' })).toMatch(/unknown field/);
      expect(sent).toEqual([]);
    },
  );

  it('cannot pollute a prototype', async () => {
    const evil = '{"polluted":true}';
    for (const field of ['params', 'headers', 'body']) {
      const { resume, sent } = appWith(OWN);
      const forged = JSON.parse(`{"${field}":{"type":"json","value":{"__proto__":${evil}}}}`);
      expect(await resume(forged)).toMatch('must not have the key "__proto__"');
      expect(sent).toEqual([]);
    }
    const { resume, sent } = appWith(OWN);
    const value = JSON.parse(`{"constructor":{"prototype":${evil}},"prototype":${evil},"a":1}`);
    expect(await resume({ params: value, body: { type: 'json', value } })).toBeUndefined();
    expect(sent).toHaveLength(1);
    expect({}).not.toHaveProperty('polluted');
    expect(() => undefined).not.toHaveProperty('polluted');
  });
});

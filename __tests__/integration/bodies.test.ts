import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import type { AxiosError, AxiosResponse, CreateAxiosDefaults } from 'axios';
import axios from 'axios';
import FormDataPackage from 'form-data';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const servers: ScriptedServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A server, and a client for it that retries on a test clock. */
async function setUp(answers: Answer[], config: CreateAxiosDefaults = {}) {
  const server = await startServer(...answers);
  servers.push(server);
  const clock = createTestClock();
  const api = axios.create({ baseURL: server.url, ...config });
  attachRetry(api, { clock });

  /** Lets every wait pass, then returns the result or the error of the request. */
  async function outcome(request: Promise<AxiosResponse>): Promise<AxiosResponse | AxiosError> {
    const settled = request.catch((error: AxiosError) => error);
    await clock.runAll();
    return settled;
  }

  return { server, api, outcome, received: () => server.requests.map(({ body }) => body) };
}

const TWO_FAILURES: Answer[] = [503, 502, 200];

/** Text with more bytes than characters, and with characters that are special in text protocols. */
const TEXT = 'é€\u{1f600}\0\r\n"';
const BYTES = new TextEncoder().encode(TEXT);

/** A multipart body without its boundary, which differs from send to send. */
function parts({ headers, body }: ScriptedServer['requests'][number]): string {
  const boundary = /boundary=(.+)/.exec(String(headers['content-type']))?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${headers['content-type']}`);
  return body.replaceAll(boundary, '(boundary)');
}

/** Records the port of the socket of each request. */
function portsOf(seen: number[], statuses: number[]): Answer[] {
  return statuses.map((status) => (req: IncomingMessage, res) => {
    seen.push(req.socket.remotePort ?? 0);
    res.writeHead(status).end();
  });
}

describe('a plain object as the body', () => {
  it('reaches request interceptors as an object on every attempt', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    const seen: unknown[] = [];
    api.interceptors.request.use((config) => {
      seen.push(config.data);
      return config;
    });

    await outcome(api.post('/', { name: TEXT, tags: ['a', { b: 1 }] }));

    const data = { name: TEXT, tags: ['a', { b: 1 }] };
    expect(seen).toStrictEqual([data, data, data]);
    expect(received()).toEqual(Array(3).fill(JSON.stringify(data)));
  });

  it('goes through a custom transformRequest once per attempt, as the caller gave it', async () => {
    const given: unknown[] = [];
    const { api, outcome, received } = await setUp(TWO_FAILURES, {
      transformRequest: (data) => {
        given.push(data);
        return JSON.stringify({ envelope: data });
      },
    });

    await outcome(api.post('/', { a: 1 }));

    expect(given).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }]);
    expect(received()).toEqual(Array(3).fill('{"envelope":{"a":1}}'));
  });

  it('keeps a value that is not plain data, such as a Date', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    const at = new Date(0);

    await outcome(api.post('/', { at, list: [at] }));

    const body = '{"at":"1970-01-01T00:00:00.000Z","list":["1970-01-01T00:00:00.000Z"]}';
    expect(received()).toEqual(Array(3).fill(body));
  });

  it('is sent as it was when the request was made, even if it changes later', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    const data = { nested: { n: 1 } };

    const request = api.post('/', data);
    data.nested.n = 2;
    await outcome(request);

    expect(received()).toEqual(Array(3).fill('{"nested":{"n":1}}'));
  });

  it.each(['http', 'fetch'])('is sent again byte for byte by the %s adapter', async (adapter) => {
    const { api, outcome, received } = await setUp(TWO_FAILURES, { adapter });

    await outcome(api.post('/', { name: TEXT }));

    expect(received()).toEqual(Array(3).fill(JSON.stringify({ name: TEXT })));
  });
});

describe('a body changed by an interceptor or a transform', () => {
  it('has the right Content-Length on a keep-alive socket', async () => {
    const ports: number[] = [];
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { server, api, outcome } = await setUp(portsOf(ports, [503, 502, 200, 200]), {
      httpAgent,
      // Grows on every use if it is applied to its own output.
      transformRequest: (data) => `${JSON.stringify(data)}${TEXT}`,
    });

    expect((await outcome(api.post('/', { a: 1 }))).status).toBe(200);
    expect((await outcome(api.post('/after', 'next'))).status).toBe(200);
    httpAgent.destroy();

    const lengths = server.requests.map(({ headers }) => Number(headers['content-length']));
    expect(lengths).toEqual(server.requests.map(({ body }) => Buffer.byteLength(body)));
    expect(server.requests.map(({ url, body }) => [url, body])).toEqual([
      ['/', `{"a":1}${TEXT}`],
      ['/', `{"a":1}${TEXT}`],
      ['/', `{"a":1}${TEXT}`],
      ['/after', `"next"${TEXT}`],
    ]);
    expect(new Set(ports).size).toBe(1);
  });

  it('is complete on every attempt when an interceptor makes it longer each time', async () => {
    const { server, api, outcome } = await setUp(TWO_FAILURES);
    let sends = 0;
    api.interceptors.request.use((config) => {
      sends += 1;
      config.data = { ...config.data, padding: 'é'.repeat(10 ** sends) };
      return config;
    });

    await outcome(api.post('/', { a: 1 }));

    const padded = (n: number) => JSON.stringify({ a: 1, padding: 'é'.repeat(n) });
    expect(server.requests.map(({ body }) => body)).toEqual([
      padded(10),
      padded(100),
      padded(1000),
    ]);
    for (const { headers, body } of server.requests) {
      expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    }
  });

  it('starts each attempt from the text the caller gave', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    api.interceptors.request.use((config) => {
      config.data += ' and more';
      return config;
    });

    await outcome(api.post('/', 'text'));

    expect(received()).toEqual(Array(3).fill('text and more'));
  });

  it('starts each attempt from the caller’s body, even if an interceptor edits it in place', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    api.interceptors.request.use((config) => {
      config.data.top = (config.data.top ?? 0) + 1;
      config.data.nested.deep.n += 1;
      config.data.list.push({ n: config.data.list.length });
      config.data.list[0].n += 1;
      delete config.data.gone;
      return config;
    });

    await outcome(api.post('/', { nested: { deep: { n: 0 } }, list: [{ n: 0 }], gone: true }));

    const edited = { nested: { deep: { n: 1 } }, list: [{ n: 1 }, { n: 1 }], top: 1 };
    expect(received().map((body) => JSON.parse(body))).toEqual([edited, edited, edited]);
  });

  it('may be an array that is edited in place', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    api.interceptors.request.use((config) => {
      config.data.push('pushed');
      return config;
    });

    await outcome(api.post('/', ['given']));

    expect(received()).toEqual(Array(3).fill('["given","pushed"]'));
  });
});

describe('a body that can be read many times', () => {
  const bodies: [name: string, body: () => unknown, text: string][] = [
    ['text', () => TEXT, TEXT],
    ['a Buffer', () => Buffer.from(BYTES), TEXT],
    ['an ArrayBuffer', () => Uint8Array.from(BYTES).buffer, TEXT],
    ['a typed array', () => Uint8Array.from(BYTES), TEXT],
    ['a Blob', () => new Blob([BYTES], { type: 'text/x-test' }), TEXT],
    [
      'URLSearchParams',
      () =>
        new URLSearchParams([
          ['a', 'é'],
          ['a', '&'],
          ['b', ''],
        ]),
      'a=%C3%A9&a=%26&b=',
    ],
  ];

  describe.each(['http', 'fetch'])('by the %s adapter', (adapter) => {
    it.each(bodies)('is sent again byte for byte: %s', async (_, body, text) => {
      const { server, api, outcome } = await setUp(TWO_FAILURES, { adapter });

      const { status } = await outcome(api.post('/', body()));

      expect(status).toBe(200);
      expect(server.requests.map((request) => request.body)).toEqual([text, text, text]);
      const types = server.requests.map(({ headers }) => headers['content-type']);
      expect(types).toStrictEqual(Array(3).fill(types[0]));
    });

    it('is sent again with the same parts: FormData', async () => {
      const { server, api, outcome } = await setUp(TWO_FAILURES, { adapter });
      const form = new FormData();
      form.append('name', TEXT.replace(/[\0\r\n"]/g, ''));
      form.append('file', new Blob([BYTES], { type: 'text/x-test' }), 'a.txt');

      // Without the header, Axios sends x-www-form-urlencoded on fetch in Node, on the first attempt too.
      const headers = { 'Content-Type': 'multipart/form-data' };
      const { status } = await outcome(api.post('/', form, { headers }));

      expect(status).toBe(200);
      const [first, ...rest] = server.requests.map(parts);
      expect(first).toContain('filename="a.txt"');
      expect(first).toContain(TEXT);
      expect(rest).toEqual([first, first]);
    });
  });

  it('may contain bytes in an object', async () => {
    const { server, api, outcome } = await setUp(TWO_FAILURES);

    const { status } = await outcome(api.postForm('/', { file: Buffer.from(BYTES) }));

    expect(status).toBe(200);
    const [first, ...rest] = server.requests.map(parts);
    expect(first).toContain(TEXT);
    expect(rest).toEqual([first, first]);
  });
});

describe('a plain object as multipart/form-data', () => {
  const data = () => ({ name: 'é', nested: { list: [1, 2] } });

  it('is sent again with the same parts when a header asks for it', async () => {
    const { server, api, outcome } = await setUp(TWO_FAILURES);

    const request = api.post('/', data(), { headers: { 'Content-Type': 'multipart/form-data' } });

    expect((await outcome(request)).status).toBe(200);
    const [first, ...rest] = server.requests.map(parts);
    expect(first).toContain('name="nested[list][1]"');
    expect(rest).toEqual([first, first]);
  });

  it.each(['postForm', 'putForm', 'patchForm'] as const)('is sent again by %s', async (method) => {
    const { server, api, outcome } = await setUp(TWO_FAILURES);

    expect((await outcome(api[method]('/', data()))).status).toBe(200);

    const [first, ...rest] = server.requests.map(parts);
    expect(first).toContain('name="name"');
    expect(rest).toEqual([first, first]);
  });

  it('reaches request interceptors as an object on every attempt', async () => {
    const { api, outcome } = await setUp(TWO_FAILURES);
    const seen: unknown[] = [];
    api.interceptors.request.use((config) => {
      seen.push(config.data);
      return config;
    });

    await outcome(api.postForm('/', data()));

    expect(seen).toStrictEqual([data(), data(), data()]);
  });
});

describe('a body that can be read once', () => {
  const formDataPackage = () => {
    const form = new FormDataPackage();
    form.append('a', '1');
    return form;
  };
  function* generator() {
    yield 'a';
  }
  async function* asyncGenerator() {
    yield 'a';
  }
  const webStream = () => new Blob(['content']).stream();
  const nodeStream = () => Readable.from(['content']);

  // Axios does not send the content of a generator; what matters is that it is sent once.
  const bodies: [name: string, adapter: string, body: () => unknown, sent: RegExp][] = [
    ['a Node stream', 'http', nodeStream, /^content$/],
    ['a Node stream', 'fetch', nodeStream, /^content$/],
    ['a web stream', 'fetch', webStream, /^content$/],
    ['the form-data package', 'http', formDataPackage, /name="a"/],
    ['a generator', 'http', generator, /^{}$/],
    ['an async generator', 'http', asyncGenerator, /^{}$/],
  ];

  it.each(bodies)('is never sent twice: %s (%s)', async (_, adapter, body, sent) => {
    const { api, outcome, received } = await setUp([503, 200], { adapter });

    const error = await outcome(api.post('/', body()));

    expect(received()).toEqual([expect.stringMatching(sent)]);
    expect(error).toMatchObject({ name: 'AxiosError', status: 503, response: { status: 503 } });
    expect(retryReport(error)?.gaveUp).toBe('body');
  });

  it('is never sent twice when an object contains it, at any depth', async () => {
    const { server, api, outcome } = await setUp([503, 200]);
    const inside = () => ({ list: [{ file: Readable.from(['content']) }] });

    // Axios would send such an object as JSON of the stream's fields, so the body is replaced by text.
    const error = await outcome(
      api.post('/', inside(), { transformRequest: () => 'made of a stream' }),
    );

    expect(server.requests).toHaveLength(1);
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('body');
  });

  it('is never sent twice when a form contains it', async () => {
    const { server, api, outcome } = await setUp([503, 200]);

    const error = await outcome(api.postForm('/', { file: Readable.from(['content']) }));

    expect(server.requests.map(parts)).toEqual([expect.stringContaining('content')]);
    expect(error).toMatchObject({ name: 'AxiosError', status: 503 });
    expect(retryReport(error)?.gaveUp).toBe('body');
  });

  it('resolves with the failed status if validateStatus accepts it', async () => {
    const { server, api, outcome } = await setUp([503, 200], { validateStatus: () => true });

    const response = await outcome(api.post('/', Readable.from(['content'])));

    expect(server.requests).toHaveLength(1);
    expect(response.status).toBe(503);
    expect(retryReport(response)?.gaveUp).toBe('body');
  });

  it('gets a successful response like any other', async () => {
    const { server, api, outcome } = await setUp([200]);

    const response = await outcome(api.post('/', Readable.from(['content'])));

    expect(server.requests).toHaveLength(1);
    expect(response.status).toBe(200);
    expect(retryReport(response)?.gaveUp).toBeUndefined();
  });

  it('is given up for the first reason if there are two', async () => {
    const { api, outcome } = await setUp([404]);

    const error = await outcome(api.post('/', Readable.from(['content'])));

    expect(retryReport(error)?.gaveUp).toBe('status');
  });
});

describe('whether a body can be sent again', () => {
  it('depends on the caller’s data: an interceptor may open a new stream for every attempt', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES);
    api.interceptors.request.use((config) => {
      config.data = Readable.from([`content of ${config.data}`]);
      return config;
    });

    const { status } = await outcome(api.post('/', 'a-file'));

    expect(status).toBe(200);
    expect(received()).toEqual(Array(3).fill('content of a-file'));
  });

  it('depends on the caller’s data: a transform may open a new stream too', async () => {
    const { api, outcome, received } = await setUp(TWO_FAILURES, {
      transformRequest: (data) => Readable.from([JSON.stringify(data)]),
    });

    const { status } = await outcome(api.post('/', { a: 1 }));

    expect(status).toBe(200);
    expect(received()).toEqual(Array(3).fill('{"a":1}'));
  });

  it('depends on the caller’s data: a stream cannot be sent again, even if a transform reads it whole', async () => {
    const { server, api, outcome } = await setUp([503, 200], {
      transformRequest: (data: Readable) => data.read(),
    });

    const error = await outcome(api.post('/', Readable.from([Buffer.from('all')])));

    expect(server.requests).toHaveLength(1);
    expect(retryReport(error)?.gaveUp).toBe('body');
  });
});

describe('a request without a body', () => {
  it.each(['get', 'delete', 'head', 'post'] as const)(
    'has no body on any attempt: %s',
    async (name) => {
      const { server, api, outcome } = await setUp(TWO_FAILURES);

      const { status } = await outcome(api[name]('/'));

      expect(status).toBe(200);
      expect(server.requests.map(({ body }) => body)).toEqual(['', '', '']);
      const lengths = server.requests.map(({ headers }) => headers['content-length']);
      expect(lengths).toStrictEqual(Array(3).fill(lengths[0]));
    },
  );
});

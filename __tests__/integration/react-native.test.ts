// The plugin with the globals of React Native: XMLHttpRequest, timers, an AbortController without `reason`;
// no document, DOM events or MessageChannel. A bundle runs in a realm without any other global.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import vm from 'node:vm';
import type { AxiosError, AxiosStatic } from 'axios';
import type * as Plugin from '../../src/index.js';
import type * as Testing from '../../src/testing/index.js';
import { run } from '../support/run.js';
import type { Answer, ScriptedServer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';

const ROOT = join(__dirname, '../..');

type App = typeof Plugin & typeof Testing & { axios: AxiosStatic };

/** The part of XMLHttpRequest that Axios needs in React Native, over Node's http. */
class PhoneRequest {
  static readonly bodies: unknown[] = [];
  readonly upload = {};
  readyState = 0;
  status = 0;
  statusText = '';
  response = '';
  responseText = '';
  responseURL = '';
  responseType = '';
  timeout = 0;
  onloadend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  ontimeout: (() => void) | null = null;
  #sending: ClientRequest | undefined;
  #headers: Record<string, string> = {};
  #answerHeaders: [string, string][] = [];

  open(method: string, url: string): void {
    this.responseURL = url;
    this.#sending = httpRequest(url, { method, agent: false });
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getAllResponseHeaders(): string {
    return this.#answerHeaders.map((header) => `${header.join(': ')}\r\n`).join('');
  }

  send(body: unknown): void {
    PhoneRequest.bodies.push(body);
    const sending = this.#sending as ClientRequest;
    for (const [name, value] of Object.entries(this.#headers)) sending.setHeader(name, value);
    sending.on('error', () => this.onerror?.());
    sending.on('response', async (answer) => {
      this.response = this.responseText = await text(answer);
      this.status = answer.statusCode ?? 0;
      this.statusText = answer.statusMessage ?? '';
      this.#answerHeaders = Object.entries(answer.headers).map(([k, v]) => [k, String(v)]);
      this.readyState = 4;
      this.onloadend?.();
    });
    sending.end(typeof body === 'string' ? body : undefined);
  }

  abort(): void {
    this.#sending?.destroy();
  }
}

/** A signal like that of React Native's polyfill, without `reason` and `throwIfAborted`. */
class PhoneSignal {
  aborted = false;
  readonly listeners = new Set<() => void>();
  addEventListener(_type: string, listener: () => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: string, listener: () => void): void {
    this.listeners.delete(listener);
  }
}

class PhoneAbortController {
  readonly signal = new PhoneSignal();
  abort(): void {
    this.signal.aborted = true;
    for (const listener of [...this.signal.listeners]) listener.call(this.signal);
  }
}

/** React Native's FormData has parts and is not iterable. */
class PhoneFormData {
  readonly _parts: [string, unknown][] = [];
  append(name: string, value: unknown): void {
    this._parts.push([name, value]);
  }
}

/** Timers with numeric ids. */
function phoneTimers(): object {
  const timers = new Map<number, NodeJS.Timeout>();
  let lastId = 0;
  return {
    setTimeout(callback: () => void, ms?: number) {
      lastId += 1;
      const id = lastId;
      timers.set(id, setTimeout(callback, ms));
      return id;
    },
    clearTimeout: (id: number) => clearTimeout(timers.get(id)),
  };
}

const bundles = new Map<string, vm.Script>();
const folder = mkdtempSync(join(tmpdir(), 'react-native-'));
const servers: ScriptedServer[] = [];

async function serve(...answers: Answer[]): Promise<ScriptedServer> {
  const server = await startServer(...answers);
  servers.push(server);
  return server;
}

/** Axios as Metro resolves it: for `import`, and for `require`, Metro's default output. */
const AXIOS = { import: 'dist/esm/axios.js', require: 'dist/browser/axios.cjs' };

beforeAll(async () => {
  const entry = join(folder, 'app.ts');
  const source = (path: string): string => JSON.stringify(join(ROOT, 'src', path));
  writeFileSync(
    entry,
    `export { default as axios } from 'axios';
     export * from ${source('index.ts')};
     export * from ${source('testing/index.ts')};`,
  );
  for (const [kind, path] of Object.entries(AXIOS)) {
    const bundle = join(folder, `${kind}.js`);
    await run(
      ROOT,
      join(ROOT, 'node_modules/esbuild/bin/esbuild'),
      ...[entry, '--bundle', '--format=iife', '--global-name=app', '--platform=neutral'],
      ...[`--alias:axios=${join(ROOT, 'node_modules/axios', path)}`, `--outfile=${bundle}`],
    );
    bundles.set(kind, new vm.Script(readFileSync(bundle, 'utf8')));
  }
});

afterEach(async () => {
  PhoneRequest.bodies.length = 0;
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOT_IN_HERMES = ['FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'WebAssembly'];

/** A realm with only JavaScript's own globals and those of React Native. */
function startPhone(axios: string, extra: object): vm.Context {
  const phone = vm.createContext({
    ...phoneTimers(),
    ...extra,
    navigator: { product: 'ReactNative' },
    queueMicrotask,
    XMLHttpRequest: PhoneRequest,
    AbortController: PhoneAbortController,
    FormData: PhoneFormData,
  });
  for (const name of NOT_IN_HERMES) vm.runInContext(`delete globalThis.${name}`, phone);
  vm.runInContext('globalThis.window = globalThis.global = globalThis.self = globalThis;', phone);
  bundles.get(axios)?.runInContext(phone);
  return phone;
}

describe.each([
  ['import', 'setImmediate', { setImmediate, clearImmediate }],
  ['require', 'no setImmediate', {}],
])('React Native, Axios by %s, %s', (axiosKind, _, extra) => {
  let app: App;

  beforeEach(() => {
    app = startPhone(axiosKind, extra).app as App;
  });

  /** The error of a request that must fail. */
  const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
    request.then(
      () => Promise.reject(new Error('It was to fail, and succeeded.')),
      (error: AxiosError) => error,
    );

  it('is an environment without a document, DOM events and message channels', () => {
    const names = [
      ...['document', 'addEventListener', 'postMessage', 'MessageChannel', 'Event', 'EventTarget'],
      ...['structuredClone', 'DOMException', 'process', 'Buffer', 'require', 'fetch'],
    ];
    const phone = startPhone(axiosKind, extra);
    const present = vm.runInContext(`${JSON.stringify(names)}.filter((n) => n in window)`, phone);
    expect(present).toHaveLength(0);
  });

  it('retries by the table on a test clock', async () => {
    const server = await serve(
      503,
      { status: 429, headers: { 'Retry-After': '30' } },
      { status: 529, headers: {} },
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"id":7}' },
    );
    const clock = app.createTestClock();
    const api = app.axios.create({ baseURL: server.url });
    app.attachRetry(api, { clock });
    const [response] = await Promise.all([api.get('/reports/7'), clock.runAll()]);
    expect(response.data).toEqual({ id: 7 });
    expect(app.retryReport(response)?.attempts.map(({ delay }) => delay)).toEqual([
      8000,
      30_000,
      512_000,
      undefined,
    ]);
  });

  it('does not retry a 429 without Retry-After, or a 404', async () => {
    const server = await serve(429, 404);
    const api = app.axios.create({ baseURL: server.url });
    app.attachRetry(api);
    const reasons = [];
    for (const path of ['/a', '/b']) {
      reasons.push(app.retryReport(await failureOf(api.get(path)))?.gaveUp);
    }
    expect(reasons).toEqual(['no-retry-after', 'status']);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['of some milliseconds', 5],
    ['of none', 0],
  ])('ends a wait %s by the system’s timers', async (_name, delay) => {
    const server = await serve(503, 503, 200);
    const api = app.axios.create({ baseURL: server.url });
    const handle = app.attachRetry(api, { backoff: () => delay });
    expect((await api.get('/')).status).toBe(200);
    expect(handle.waits).toHaveLength(0);
  });

  it('sends the caller’s JSON body on each attempt', async () => {
    const server = await serve(503, 201);
    const api = app.axios.create({ baseURL: server.url });
    app.attachRetry(api, { backoff: () => 0 });
    await api.post('/orders', { item: 1 });
    expect(server.requests.map(({ body }) => body)).toEqual(['{"item":1}', '{"item":1}']);
  });

  it('sends the same FormData on each attempt', async () => {
    const server = await serve(503, 201);
    const api = app.axios.create({ baseURL: server.url });
    app.attachRetry(api, { backoff: () => 0 });
    const form = new PhoneFormData();
    form.append('photo', { uri: 'file:///photo.jpg', name: 'photo.jpg', type: 'image/jpeg' });
    await api.post('/photos', form);
    expect(PhoneRequest.bodies).toEqual([form, form]);
    expect(PhoneRequest.bodies.every((body) => body === form)).toBe(true);
  });

  it('retries a broken connection if networkErrors is on', async () => {
    const server = await serve((req) => req.socket.destroy(), 200);
    const api = app.axios.create({ baseURL: server.url });
    app.attachRetry(api, { networkErrors: true, backoff: () => 0 });
    const response = await api.get('/');
    expect(app.retryReport(response)?.attempts[0]?.code).toBe('ERR_NETWORK');
  });

  it('ends a wait when a signal without reason is aborted, and removes its listener', async () => {
    const server = await serve(503);
    const clock = app.createTestClock();
    const api = app.axios.create({ baseURL: server.url });
    const handle = app.attachRetry(api, { clock });
    const controller = new PhoneAbortController();
    const signal = controller.signal as unknown as AbortSignal;
    const failure = failureOf(api.get('/', { signal }));
    await clock.advance(0);
    expect(handle.waits).toHaveLength(1);
    controller.abort();
    const error = await failure;
    expect(app.axios.isCancel(error)).toBe(true);
    expect(app.retryReport(error)?.gaveUp).toBe('canceled');
    expect(handle.waits).toHaveLength(0);
    expect(controller.signal.listeners.size).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  /** A phone in a pocket: time passes, and no timer fires until the app is in the foreground. */
  function createPocketClock() {
    let now = Date.UTC(2030, 0, 1);
    let timer: { run: () => void; ms: number } | undefined;
    return {
      now: () => now,
      setTimeout(callback: () => void, ms: number) {
        timer = { run: callback, ms };
        return timer;
      },
      clearTimeout: () => {
        timer = undefined;
      },
      sleep(ms: number) {
        now += ms;
      },
      /** Lets the suspended timer run. */
      runOut() {
        now += timer?.ms ?? 0;
        timer?.run();
      },
      get timer() {
        return timer;
      },
    };
  }

  /** A request that waits eight minutes, on a phone that sleeps for an hour. */
  async function sleepThroughWait() {
    const server = await serve({ status: 429, headers: { 'Retry-After': '480' } }, 200);
    const clock = createPocketClock();
    const api = app.axios.create({ baseURL: server.url });
    const handle = app.attachRetry(api, { clock });
    const request = api.get('/');
    await new Promise<void>((resolve) => {
      handle.subscribe(resolve);
    });
    clock.sleep(3_600_000);
    return { server, clock, handle, request };
  }

  it('sends overdue requests when the app comes back and calls the AppState listener', async () => {
    const { server, clock, handle, request } = await sleepThroughWait();
    expect(server.requests).toHaveLength(1);
    // The listener of docs/guides/frameworks/react-native.md, for AppState 'active'.
    for (const wait of handle.waits) if (wait.dueAt <= clock.now()) wait.retryNow();
    expect((await request).status).toBe(200);
  });

  it('sends overdue requests within 15 seconds of coming back, without a listener', async () => {
    const { clock, request } = await sleepThroughWait();
    expect(clock.timer?.ms).toBeLessThanOrEqual(15_000);
    clock.runOut();
    expect((await request).status).toBe(200);
  });
});

// Runs the snippets of a page for people who switch from another package, and tells what the server saw.
import type { AxiosInstance } from 'axios';
import type { AxiosRetryOptions } from '../../src/axios-retry/index.js';
import axiosRetry from '../../src/axios-retry/index.js';
import type { RetryOptions } from '../../src/index.js';
import { attachRetry } from '../../src/index.js';
import { systemClock } from '../../src/wait/clock.js';
import { loadEsModule } from './es-module.js';
import type { Answer, Received } from './scripted-server.js';
import { sendReply, startServer } from './scripted-server.js';
import { load, runSnippet, snippetsByHeading } from './snippets.js';

/** The methods that an Axios instance, a ky instance and a got instance have in common. */
export interface Client {
  get(url: string, options?: object): Promise<unknown>;
  put(url: string, options?: object): Promise<unknown>;
  post(url: string, options?: object): Promise<unknown>;
}

export interface Sends {
  readonly requests: readonly Received[];
  /** The methods, in the order of the requests. */
  readonly methods: readonly string[];
  /** Milliseconds between one request and the next. */
  readonly gaps: readonly number[];
  /** The status of the response or of the error; otherwise the error's code, or what the call returned. */
  readonly outcome: unknown;
  /** What the call resolved with, or its error. */
  // biome-ignore lint/suspicious/noExplicitAny: a response or an error of any of the packages
  readonly value: any;
  readonly printed: readonly string[];
}

/** One timer for each wait, however long. */
const clock = { ...systemClock, maxTimeout: Infinity };
const attachWithClock = (api: AxiosInstance, options: RetryOptions = {}) =>
  attachRetry(api, { clock, ...options });
const axiosRetryWithClock = (api: AxiosInstance, options: AxiosRetryOptions = {}) =>
  axiosRetry(api, { clock, ...options });

/** A response, or an error with one, of any of the packages. */
interface Ending {
  readonly response?: Ending;
  readonly status?: number;
  readonly statusCode?: number;
  readonly code?: string;
}

const modules = new Map<string, object>();

function loadModule(name: string): object {
  if (name === 'axios-status-retry') return { ...load(name), attachRetry: attachWithClock };
  if (name === 'axios-status-retry/axios-retry') {
    return { __esModule: true, default: Object.assign(axiosRetryWithClock, axiosRetry) };
  }
  if (name !== 'ky' && name !== 'got') return load(name);
  const module = modules.get(name) ?? loadEsModule(name);
  modules.set(name, module);
  return module;
}

/**
 * Runs a snippet against a server that gives each answer in turn, and then a call. The wait after each
 * answer passes at once, on a clock that it moves; no other timer is touched.
 *
 * @param code - `https://api.example.com` in it is the server.
 * @param call - Gets what the snippet exports.
 */
export async function sendsOf<Exports>(
  code: string,
  answers: readonly Answer[],
  call: (exports: Exports) => Promise<unknown>,
): Promise<Sends> {
  let now = Date.UTC(2030, 0, 1);
  let isAnswered = false;
  const sentAt: number[] = [];
  const timed = answers.map(
    (answer): Answer =>
      (req, res, received, nth) => {
        sentAt.push(now);
        isAnswered = true;
        if (typeof answer === 'function') answer(req, res, received, nth);
        else sendReply(res, answer);
      },
  );
  const { setTimeout } = globalThis;
  const moved = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((
    run: () => void,
    ms = 0,
  ) => {
    if (!isAnswered) return setTimeout(run, ms);
    isAnswered = false;
    now += ms;
    return setImmediate(run);
  }) as typeof setTimeout);
  const date = jest.spyOn(Date, 'now').mockImplementation(() => now);
  const server = await startServer(...timed);
  const printed: string[] = [];
  const print = (...words: unknown[]): void =>
    void printed.push(words.join(' ').replaceAll(server.url, 'https://api.example.com'));
  try {
    const exports = await runSnippet<Exports>(
      code.replaceAll('https://api.example.com', server.url),
      { load: loadModule, console: { log: print, warn: print, error: print } },
    );
    const value = await call(exports).catch((error: unknown) => error);
    const ending = (value ?? {}) as Ending;
    const { statusCode, status = statusCode } = ending.response ?? ending;
    return {
      requests: server.requests,
      methods: server.requests.map(({ method }) => method),
      gaps: sentAt.slice(1).map((at, i) => at - (sentAt[i] ?? 0)),
      outcome: status ?? ending.code ?? value,
      value,
      printed,
    };
  } finally {
    moved.mockRestore();
    date.mockRestore();
    await server.close();
  }
}

/** The snippets under a heading: the first is "before", the second "after". */
export function pairOf(page: string, heading: string): readonly [before: string, after: string] {
  const [before, after, ...rest] = snippetsByHeading(page).get(heading) ?? [];
  if (!before || !after || rest.length > 0) throw new Error(`${page}: no pair under "${heading}"`);
  return [before, after];
}

/** The only snippet under a heading. */
export function snippetOf(page: string, heading: string): string {
  const [code, ...rest] = snippetsByHeading(page).get(heading) ?? [];
  if (!code || rest.length > 0) throw new Error(`${page}: no one snippet under "${heading}"`);
  return code;
}

/** Runs "before" and "after" of a heading with the same answers and the same call. */
export async function sendsOfPair<Exports>(
  page: string,
  heading: string,
  answers: readonly Answer[],
  call: (exports: Exports) => Promise<unknown>,
): Promise<readonly [before: Sends, after: Sends]> {
  const [before, after] = pairOf(page, heading);
  return [await sendsOf(before, answers, call), await sendsOf(after, answers, call)];
}

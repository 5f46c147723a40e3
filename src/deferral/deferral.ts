import type { AxiosError, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { canceledError } from '../axios/canceled-error.js';
import { OutcomeSummary } from '../axios/outcome-summary.js';
import type {
  AttachedInstance,
  DeferralRequest,
  RetryCall,
  RetryDeferral,
} from '../core/extensions.js';
import { randomKey } from '../request/idempotency-key.js';
import { formatValue, invalidArgument, rejectUnknownKeys } from '../util/validate.js';
import type { Wait, WaitResult } from '../wait/wait-list.js';
import { RetryDeferredError } from './error.js';
import { createHeaderFilter } from './headers.js';
import type { ResumeConfig } from './resume.js';
import { ResumedProgress, ResumedWait, toRequestConfig } from './resume.js';
import { toTicket } from './serialize.js';
import type { RetryTicket } from './ticket.js';
import { parseTicket } from './ticket.js';
import { normalizedBase } from './url.js';

/** Options of `createDeferral`. */
export interface DeferralOptions {
  /** Keeps a ticket; awaited before the request rejects. One that fails is what the request fails with. */
  readonly save: (ticket: RetryTicket) => unknown;
  /** Request headers that tickets hold beside the usual ones; no credentials. Default: none. */
  readonly headers?: readonly string[] | undefined;
  /** Query parameters that tickets do not hold. Default: none. */
  readonly omitParams?: readonly string[] | undefined;
  /** Origins that tickets are resumed to, beside the instance's own. Default: none. */
  readonly origins?: readonly string[] | undefined;
}

/** Hands waits over that are too long for this process, and takes them up again. */
export interface Deferral extends RetryDeferral {
  /**
   * Ends every wait under way. Their requests reject with a {@link RetryDeferredError}; `save` is not called.
   *
   * @returns The tickets, once what is being saved already is saved.
   */
  suspend(): Promise<RetryTicket[]>;
  /**
   * Sends the request of a ticket through the instance, from its time on, and goes on counting. A ticket
   * that is being resumed already is not sent twice: it settles with the first.
   *
   * @param config - What the ticket lacks; its params and headers over the ticket's.
   * @returns What the request settles with.
   * @throws {TypeError} Rejects with one when the ticket is none, holds a header that is not allowed, or
   *   is for another origin.
   */
  resume(ticket: RetryTicket, config?: ResumeConfig): Promise<AxiosResponse>;
}

type Instance = Pick<AxiosInstance, 'request'>;

/** What of an instance's defaults makes a difference; every instance has some. */
interface Defaults {
  readonly baseURL?: unknown;
  readonly params?: unknown;
  readonly socketPath?: unknown;
}

const OWNER = 'createDeferral';
const NAMES: readonly (keyof DeferralOptions)[] = ['save', 'headers', 'omitParams', 'origins'];

/**
 * Keeps waits that are longer than `maxDelay`, or that a process has no time left for, as tickets.
 *
 * @param options - `save` has no default.
 * @returns For the option `deferral` of one `attachRetry`.
 * @throws {TypeError} When an option is of a wrong kind or unknown.
 * @throws {RangeError} When `headers` names a credential, or `origins` what is no http(s) origin.
 */
export function createDeferral(options: DeferralOptions): Deferral {
  rejectUnknownKeys(OWNER, options, NAMES);
  const { save, headers, omitParams = [], origins = [] } = options;
  if (typeof save !== 'function')
    throw invalidArgument(`${OWNER}: option "save"`, 'a function', save);
  const isNames = Array.isArray(omitParams) && omitParams.every((name) => typeof name === 'string');
  if (!isNames)
    throw invalidArgument(`${OWNER}: option "omitParams"`, 'an array of names', omitParams);
  if (!Array.isArray(origins))
    throw invalidArgument(`${OWNER}: option "origins"`, 'an array of origins', origins);
  const allows = createHeaderFilter(headers);
  return new TicketDeferral(save, allows, [...omitParams], new Set(origins.map(readOrigin)));
}

function readOrigin(given: unknown): string {
  const what = `${OWNER}: option "origins"`;
  const takes = "http(s) origins, such as 'https://api.example.com'";
  if (typeof given !== 'string') throw invalidArgument(what, takes, given);
  const base = /^https?:\/\/[^/?#@]+\/?$/i.test(given) ? normalizedBase(given) : undefined;
  if (base === undefined) throw invalidArgument(what, takes, given, RangeError);
  return new URL(base).origin;
}

class TicketDeferral implements Deferral {
  #instance: Instance | undefined;
  #host: AttachedInstance | undefined;
  /** What is being saved, by the call whose ticket it is. */
  readonly #saved = new Map<unknown, Promise<unknown>>();
  /** What is being resumed, by the ticket's id. */
  readonly #resumed = new Map<string, Promise<AxiosResponse>>();
  readonly newId = randomKey;

  constructor(
    readonly save: DeferralOptions['save'],
    readonly allows: (name: string) => boolean,
    readonly omitParams: readonly string[],
    readonly origins: ReadonlySet<string>,
  ) {}

  get defaults(): Defaults {
    return (this.#attached().instance as { readonly defaults?: Defaults }).defaults ?? {};
  }

  attach(instance: Instance, host: AttachedInstance): void {
    if (this.#host && this.#instance !== instance && !this.#host.detached) {
      throw new Error(
        'axios-status-retry: this deferral serves another instance already; create one for each',
      );
    }
    this.#instance = instance;
    this.#host = host;
  }

  async defer(call: RetryCall, deferment: DeferralRequest): Promise<Error | undefined> {
    const ticket = toTicket(call, deferment, this);
    if (!ticket) return undefined;
    const saved = Promise.resolve(ticket).then(this.save);
    this.#saved.set(call, saved);
    await saved.finally(() => this.#saved.delete(call));
    return new RetryDeferredError(ticket, call.nextConfig());
  }

  async suspend(): Promise<RetryTicket[]> {
    // At a gate a call still waits while it is handed over.
    const waits = [...(this.#host?.waits.all ?? [])].filter(
      ({ waiter }) => !this.#saved.has(waiter?.call),
    );
    const tickets = waits.flatMap((wait) => this.#suspend(wait) ?? []);
    await Promise.allSettled(this.#saved.values());
    return tickets;
  }

  async resume(given: RetryTicket, config: ResumeConfig = {}): Promise<AxiosResponse> {
    const ticket = parseTicket(given);
    this.#check(ticket);
    const under = this.#resumed.get(ticket.id);
    if (under) return under;
    const resumed = this.#resume(ticket, config).finally(() => this.#resumed.delete(ticket.id));
    this.#resumed.set(ticket.id, resumed);
    return resumed;
  }

  #attached(): { instance: Instance; host: AttachedInstance } {
    const [instance, host] = [this.#instance, this.#host];
    if (instance && host && !host.detached) return { instance, host };
    const what = host
      ? 'the instance of this deferral is detached'
      : 'this deferral is not attached';
    throw new Error(`axios-status-retry: ${what}; attachRetry(instance, { deferral }) comes first`);
  }

  /** A forged ticket must not carry the app's credentials elsewhere. */
  #check({ url, headers }: RetryTicket): void {
    const { origin } = new URL(url);
    const base = normalizedBase(this.defaults.baseURL);
    const own = base === undefined ? undefined : new URL(base).origin;
    if (origin !== own && !this.origins.has(origin)) {
      const takes = [...(own === undefined ? [] : [own]), ...this.origins].join(', ');
      throw new TypeError(
        `axios-status-retry: resume: the ticket is for ${origin}, this deferral for ${takes || 'no origin: give the instance a baseURL, or the deferral origins'}`,
      );
    }
    const refused = Object.keys(headers).find((name) => !this.allows(name));
    if (refused !== undefined) {
      throw new TypeError(
        `axios-status-retry: resume: the ticket holds the header ${formatValue(refused)}, which option "headers" does not name`,
      );
    }
  }

  async #resume(ticket: RetryTicket, config: ResumeConfig): Promise<AxiosResponse> {
    const { instance, host } = this.#attached();
    const now = host.clock.now();
    const resumption = new ResumedProgress(ticket, now);
    const request = toRequestConfig(ticket, config, this.defaults.baseURL, resumption);
    if (ticket.notBefore > now) {
      const { maxRetries = host.maxRetries } = config.retry || {};
      const wait = new ResumedWait(ticket, config, maxRetries, host);
      const result = await wait.begin(now);
      if (result.type !== 'elapsed' && result.type !== 'skipped') {
        throw unsent(result, resumption, request);
      }
      resumption.assumedSendTime = host.clock.now();
    }
    return instance.request(request);
  }

  #suspend(wait: Wait): RetryTicket | undefined {
    const { waiter, dueAt } = wait;
    if (waiter instanceof ResumedWait) {
      wait.end({ type: 'failed', error: new RetryDeferredError(waiter.ticket, undefined) });
      return waiter.ticket;
    }
    const call = waiter?.call as RetryCall | undefined;
    const { status } = waiter?.summary() ?? {};
    const ticket = call && toTicket(call, { notBefore: dueAt, status }, this);
    if (ticket) {
      wait.end({ type: 'failed', error: new RetryDeferredError(ticket, call.nextConfig()) });
    } else if (call && call.summary().retryNumber === call.retries) {
      wait.end({ type: 'failed', error: neverSent(call) });
    } else wait.end({ type: 'gave-up', reason: 'body' });
    return ticket;
  }
}

/** What a request fails with that was not sent and cannot be written down. */
function neverSent(call: RetryCall): Error {
  const error = canceledError(call.abortable, call.nextConfig()) as Error;
  return Object.assign(error, { reason: 'body' });
}

/** What a resumed request fails with whose wait did not end in a send. */
function unsent(result: WaitResult, resumption: ResumedProgress, request: object): unknown {
  if (result.type === 'failed') return result.error;
  resumption.gaveUp = result.type === 'gave-up' ? result.reason : 'canceled';
  const config = request as InternalAxiosRequestConfig;
  const { lastStatus: status } = resumption.resumedFrom;
  if (result.type === 'aborted' || status === undefined) return canceledError(config, config);
  const code = status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
  const last = { code, message: `Request failed with status code ${status}`, response: { status } };
  return new OutcomeSummary({ ok: false, value: last as AxiosError }).error(config);
}

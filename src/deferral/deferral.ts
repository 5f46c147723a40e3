// `createDeferral`: waits that are too long for this process become tickets, to be resumed later.
import type { AxiosInstance, AxiosResponse } from 'axios';
import { canceledError } from '../axios/canceled-error.js';
import type {
  AttachedInstance,
  DeferralRequest,
  RetryCall,
  RetryDeferral,
} from '../core/extensions.js';
import type { Wait } from '../wait/wait-list.js';
import { Drain } from './drain.js';
import { RetryDeferredError } from './error.js';
import type { DeferralOptions, DeferralSettings } from './options.js';
import { readDeferralOptions } from './options.js';
import { parseTicket } from './parse-ticket.js';
import type { ResumeConfig } from './resume.js';
import { checkTarget, ResumedProgress, toRequestConfig } from './resume.js';
import { ResumedWait, unsentError } from './resumed-wait.js';
import { toTicket } from './serialize.js';
import type { RetryTicket } from './ticket.js';

/** Hands over the waits that are too long for this process, and resumes them from their tickets. */
export interface Deferral extends RetryDeferral {
  /**
   * Turns every wait under way into a ticket. The requests reject with a
   * {@link RetryDeferredError}; `save` is not called.
   *
   * @returns The tickets, once all saves under way have finished.
   */
  suspend(): Promise<RetryTicket[]>;
  /**
   * For a shutdown: turns the waits under way, and every wait that begins before `until` has settled,
   * into tickets at once and passes them to `save`. The requests reject as by {@link suspend}, before
   * their tickets are saved.
   *
   * @param until - The work under way, usually with a limit of time. That it rejects does not matter.
   * @returns All of these tickets, once `until` has settled, nothing waits and all saves have finished.
   *   A ticket that is saved meanwhile because its wait is too long is not among them.
   * @throws {DrainError} Rejects, at the end, when `save` has failed for some of the tickets, which are
   *   the error's `tickets`.
   */
  drain(until: Promise<unknown>): Promise<RetryTicket[]>;
  /**
   * Waits for the ticket's `notBefore`, then sends its request through the instance. Counting
   * continues where the ticket left off. Resuming a ticket twice at the same time sends it once.
   *
   * @param config - Everything that a ticket does not hold. Its params and headers override those
   *   of the ticket.
   * @returns The request's response. Rejects with the request's error.
   * @throws {TypeError} Rejects when `ticket` is not a valid ticket, holds a header that this
   *   deferral does not allow, or is for an origin that it does not allow.
   */
  resume(ticket: RetryTicket, config?: ResumeConfig): Promise<AxiosResponse>;
}

/**
 * Creates a deferral. It saves waits longer than `maxDelay` as tickets, and `suspend()` turns the
 * other waits into tickets too.
 *
 * @returns The option `deferral` of `attachRetry`, for one instance at a time.
 * @throws {TypeError} When an option is unknown, missing or of a wrong kind.
 * @throws {RangeError} When `headers` holds an invalid name or that of a credential, or `origins`
 *   holds anything but http(s) origins.
 */
export function createDeferral(options: DeferralOptions): Deferral {
  return new TicketDeferral(readDeferralOptions(options));
}

type Axios = Pick<AxiosInstance, 'request'>;

/** The defaults of an instance that matter to a ticket. */
interface Defaults {
  readonly baseURL?: unknown;
  readonly params?: unknown;
  readonly socketPath?: unknown;
}

class TicketDeferral implements Deferral {
  readonly #settings: DeferralSettings;
  #axios: Axios | undefined;
  #instance: AttachedInstance | undefined;
  /** Saves under way. */
  readonly #saving = new Set<Promise<unknown>>();
  /** Calls that have a ticket. At a gate a call still waits while its ticket is saved. */
  readonly #deferred = new WeakSet<object>();
  readonly #drains = new Set<Drain>();
  #stopWatching: (() => void) | undefined;
  /** Resumed requests under way, by the ticket's id. */
  readonly #resuming = new Map<string, Promise<AxiosResponse>>();

  constructor(settings: DeferralSettings) {
    this.#settings = settings;
  }

  attach(axios: Axios, instance: AttachedInstance): void {
    if (this.#instance && this.#axios !== axios && !this.#instance.detached) {
      throw new Error(
        'axios-status-retry: this deferral serves another instance already; create one for each',
      );
    }
    this.#axios = axios;
    this.#instance = instance;
    this.#watchWaits();
  }

  async defer(call: RetryCall, request: DeferralRequest): Promise<Error | undefined> {
    const ticket = this.#toTicket(call, request);
    if (!ticket) return undefined;
    this.#deferred.add(call);
    await this.#save(ticket);
    return new RetryDeferredError(ticket, call.lastConfig(), ticket.notBefore);
  }

  async suspend(): Promise<RetryTicket[]> {
    const tickets = this.#suspendAll();
    await Promise.allSettled(this.#saving);
    return tickets;
  }

  async drain(until: Promise<unknown>): Promise<RetryTicket[]> {
    const drain = new Drain();
    this.#drains.add(drain);
    this.#watchWaits();
    this.#drainWaits();
    await Promise.allSettled([until]);
    do {
      this.#drainWaits();
      await Promise.allSettled(this.#saving);
    } while (this.#saving.size > 0);
    this.#drains.delete(drain);
    this.#watchWaits();
    return drain.result();
  }

  async resume(given: RetryTicket, config: ResumeConfig = {}): Promise<AxiosResponse> {
    const ticket = parseTicket(given);
    checkTarget(ticket, this.#defaults.baseURL, this.#settings);
    const underWay = this.#resuming.get(ticket.id);
    if (underWay) return underWay;
    const resumed = this.#resume(ticket, config).finally(() => this.#resuming.delete(ticket.id));
    this.#resuming.set(ticket.id, resumed);
    return resumed;
  }

  async #resume(ticket: RetryTicket, config: ResumeConfig): Promise<AxiosResponse> {
    const { axios, instance } = this.#requireAttached();
    const now = instance.clock.now();
    const progress = new ResumedProgress(ticket, now);
    const request = toRequestConfig(ticket, config, this.#defaults.baseURL, progress);
    if (ticket.notBefore > now) {
      const { maxRetries = instance.maxRetries } = config.retry || {};
      const wait = new ResumedWait(ticket, config, maxRetries, instance);
      const result = await wait.begin(now);
      if (result.type !== 'elapsed' && result.type !== 'skipped') {
        throw unsentError(result, progress, request);
      }
      progress.assumedSendTime = instance.clock.now();
    }
    return axios.request(request);
  }

  #save(ticket: RetryTicket): Promise<unknown> {
    const saved = Promise.resolve(ticket).then(this.#settings.save);
    const done = (): boolean => this.#saving.delete(saved);
    this.#saving.add(saved);
    saved.then(done, done);
    return saved;
  }

  /** While a drain is under way, each wait ends as it begins. */
  #watchWaits(): void {
    this.#stopWatching?.();
    this.#stopWatching =
      this.#drains.size > 0 ? this.#instance?.waits.subscribe(() => this.#drainWaits()) : undefined;
  }

  #drainWaits(): void {
    for (const ticket of this.#suspendAll()) {
      const saved = this.#save(ticket);
      for (const drain of this.#drains) drain.add(ticket, saved);
    }
  }

  #suspendAll(): RetryTicket[] {
    // The waits of a detached instance end by themselves.
    if (!this.#instance || this.#instance.detached) return [];
    const tickets: RetryTicket[] = [];
    for (const wait of [...this.#instance.waits.all]) {
      const call = wait.waiter?.call as object | undefined;
      const ticket = call && this.#deferred.has(call) ? undefined : this.#suspend(wait);
      if (ticket) tickets.push(ticket);
    }
    return tickets;
  }

  /** Ends a wait with a ticket, or with an error if its request cannot be written down. */
  #suspend(wait: Wait): RetryTicket | undefined {
    const { waiter, dueAt } = wait;
    if (waiter instanceof ResumedWait) {
      wait.end({ type: 'failed', error: new RetryDeferredError(waiter.ticket, undefined) });
      return waiter.ticket;
    }
    const call = waiter?.call as RetryCall | undefined;
    if (!waiter || !call) return undefined;
    const ticket = this.#toTicket(call, { notBefore: dueAt });
    if (ticket) {
      wait.end({ type: 'failed', error: new RetryDeferredError(ticket, call.lastConfig()) });
    } else if (call.summary().retryNumber === call.retries) {
      wait.end({ type: 'failed', error: notSentError(call) });
    } else {
      wait.end({ type: 'gave-up', reason: 'body' });
    }
    return ticket;
  }

  #toTicket(call: RetryCall, request: Pick<DeferralRequest, 'notBefore'>): RetryTicket | undefined {
    return toTicket(call, request, { ...this.#settings, defaults: this.#defaults });
  }

  get #defaults(): Defaults {
    return (this.#requireAttached().axios as { readonly defaults?: Defaults }).defaults ?? {};
  }

  #requireAttached(): { axios: Axios; instance: AttachedInstance } {
    const [axios, instance] = [this.#axios, this.#instance];
    if (axios && instance && !instance.detached) return { axios, instance };
    const problem = instance
      ? 'the instance of this deferral is detached'
      : 'this deferral is not attached';
    throw new Error(
      `axios-status-retry: ${problem}; call attachRetry(instance, { deferral }) first`,
    );
  }
}

/** The error of a call that cannot be written down and has no failed attempt of its own to reject with. */
function notSentError(call: RetryCall): Error {
  const error = canceledError(call.abortable, call.lastConfig()) as Error;
  return Object.assign(error, { reason: 'body' });
}

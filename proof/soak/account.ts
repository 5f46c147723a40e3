// Holds what a call was to do, what its client saw and what the server received against each other.
import type { Sight } from './faults.js';
import { isSight, isUnreachable, LATE_MS, retryAfterIn, sightOf } from './faults.js';
import type { CallPlan, Fault, Transport } from './plan.js';
import { isStream, planCall, planFault } from './plan.js';
import { stepAfter } from './policy.js';
import type { CallRecord, Send } from './record.js';
import type { Received } from './server-log.js';

/** Timers and clocks count in milliseconds, so a wait may seem this much shorter (ms). */
const CLOCK_STEP_MS = 1.5;
/** How late an abort or the end of `totalTimeout` may be on a busy machine (ms). */
const LATENESS_MS = 5000;

/** Differences from the plan that a rule allows, and how often they came. */
export type Deviation =
  | 'keep-alive race: no trace at the server'
  | 'ended with its HTTP/2 session'
  | 'left unsettled by Axios with its HTTP/2 connection closed'
  | 'time-out of a slow machine'
  | 'reset before its headers were read'
  | 'aborted before the server saw it'
  | 'left open by fetch';

type Count<Name extends string> = Map<Name, number>;

export class Account {
  readonly failures: string[] = [];
  readonly faults: Count<Fault> = new Map();
  readonly deviations: Count<Deviation> = new Map();
  readonly endings: Count<string> = new Map();
  calls = 0;
  attempts = 0;
  /** Requests in the server's log. */
  received = 0;
  resends = 0;
  /** Calls that Axios has not settled and that still listen to the shared signal. */
  leftListening = 0;
  readonly #keys = new Set<string>();

  constructor(
    readonly seed: number,
    readonly transport: Transport,
  ) {}

  /** Takes in the calls of one batch. */
  add(records: readonly CallRecord[], received: readonly Received[]): void {
    const byCall = new Map<number, Received[]>();
    for (const entry of received) {
      const list = byCall.get(entry.id);
      if (list) list.push(entry);
      else byCall.set(entry.id, [entry]);
    }
    for (const record of records) {
      new CallAccount(this, record, byCall.get(record.id) ?? []).check();
      byCall.delete(record.id);
    }
    for (const id of byCall.keys()) this.failures.push(`call ${id}: at the server, and never made`);
    this.calls += records.length;
    this.received += received.length;
  }

  /** Takes in a request that its client did not let go. */
  addOpen(id: number, attempt: number): void {
    const plan = planCall(this.seed, id);
    const fault = planFault(this.seed, this.transport, plan, attempt);
    // Axios 1.21 cancels a stream of fetch only when its next bytes come, and not at all over a limit.
    const isKnown =
      (fault === 'stalled' && isStream(plan)) || (fault === 'endless' && plan.isLimited);
    if (this.transport === 'fetch' && isKnown) this.count(this.deviations, 'left open by fetch');
    else {
      const what = `attempt ${attempt} is open at the server`;
      this.failures.push(
        `${this.transport} call ${id}: ${what}; ${fault}; ${JSON.stringify(plan)}`,
      );
    }
  }

  count<Name extends string>(counts: Count<Name>, name: Name): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** Whether no call before has had this key. */
  takeKey(key: string): boolean {
    return this.#keys.size < this.#keys.add(key).size;
  }
}

class CallAccount {
  readonly #account: Account;
  readonly #record: CallRecord;
  readonly #received: readonly Received[];
  readonly #plan: CallPlan;

  constructor(account: Account, record: CallRecord, received: readonly Received[]) {
    this.#account = account;
    this.#record = record;
    this.#received = received;
    this.#plan = planCall(account.seed, record.id);
  }

  check(): void {
    const { settled, sends } = this.#record;
    const account = this.#account;
    account.attempts += sends.length;
    if (settled === undefined || settled.as === 'hung') {
      if (this.#isLeftByAxios()) {
        account.count(
          account.deviations,
          'left unsettled by Axios with its HTTP/2 connection closed',
        );
        if (this.#plan.abortBy === 'shared signal') account.leftListening += 1;
      } else this.#fail('did not settle');
      return;
    }
    this.#checkRequests();
    // Axios's error of a cancel token that came during a send has no config, and so no report.
    if (settled.as === 'canceled' && this.#plan.abortBy === 'token' && !this.#record.report) return;
    this.#checkSends();
    this.#checkCourse();
    this.#checkInterceptors();
    this.#checkRead();
  }

  /**
   * Axios 1.21 settles no request whose HTTP/2 connection is closed before its headers, without a GOAWAY or an error; not
   * even by `timeout`. The adapter has not settled such a send, and its connection was one that the plan reset.
   */
  #isLeftByAxios(): boolean {
    const last = this.#record.sends.at(-1);
    if (this.#account.transport !== 'http2' || last === undefined || last.endedAt !== undefined) {
      return false;
    }
    const entry = this.#received.find(({ attempt }) => attempt === last.attempt);
    const isReset = this.#fault(last.attempt) === 'session-reset';
    const isPossible = entry === undefined || entry.isCollateral === true || isReset;
    return isPossible && this.#plan.totalTimeout === undefined;
  }

  #fault(attempt: number): Fault {
    return planFault(this.#account.seed, this.#account.transport, this.#plan, attempt);
  }

  #sight(attempt: number): Sight {
    return sightOf(this.#fault(attempt), this.#plan, this.#account.transport);
  }

  #fail(what: string): void {
    const { id, sends, settled, report } = this.#record;
    const faults = sends.map(({ attempt }) => this.#fault(attempt)).join(', ');
    const seen = JSON.stringify({ settled, report, sends });
    this.#account.failures.push(
      `${this.#account.transport} call ${id}: ${what}; ${JSON.stringify(this.#plan)}; planned ${faults}; ${seen}`,
    );
  }

  get #wasCut(): boolean {
    const { settled, report } = this.#record;
    return settled?.as === 'canceled' || report?.gaveUp === 'total-timeout';
  }

  /** The report has an attempt for each send, and no send is early or out of turn. */
  #checkSends(): void {
    const { sends, report } = this.#record;
    const attempts = report?.attempts ?? [];
    const missing = attempts.length - sends.length;
    // What ends a call may come between the plugin and the adapter.
    if (missing !== 0 && !(missing === 1 && this.#wasCut)) {
      this.#fail(`${sends.length} sends`);
    }
    sends.forEach((send, i) => {
      if (send.attempt !== i) this.#fail(`send ${i} was counted as ${send.attempt}`);
      const before = sends[i - 1];
      if (before === undefined) return;
      const waited = send.startedAt - (before.endedAt ?? Infinity);
      const delay = attempts[i - 1]?.delay ?? Infinity;
      if (!(waited >= delay - CLOCK_STEP_MS)) {
        this.#fail(`send ${i} after ${waited} ms, decided were ${delay} ms`);
      }
    });
    this.#account.resends += Math.max(sends.length - 1, 0);
  }

  /** The server's log has each send once, but for those that cannot have arrived. */
  #checkRequests(): void {
    const { sends, body } = this.#record;
    const account = this.#account;
    const { key, body: kind } = this.#plan;
    const of = (attempt: number) => this.#received.filter((one) => one.attempt === attempt);
    for (const send of sends) {
      const entries = of(send.attempt);
      const fault = this.#fault(send.attempt);
      account.count(account.faults, fault);
      if (isUnreachable(fault)) {
        if (entries.length > 0) this.#fail(`send ${send.attempt} arrived where it was not sent`);
      } else if (entries.length > 1)
        this.#fail(`send ${send.attempt} arrived ${entries.length} times`);
      else if (entries.length === 0) this.#explainMissing(send);
    }
    if (this.#received.length > sends.length) this.#fail('more requests than sends');
    if (kind === 'stream' && sends.length > 1) this.#fail('a one-shot body was sent again');
    const keys = new Set(
      this.#received.map((entry) => entry.key).concat(sends.map((one) => one.key)),
    );
    const [only] = keys;
    if (keys.size > 1) this.#fail(`keys ${[...keys].join(', ')}`);
    if (sends.length > 0 && (only !== undefined) !== (key !== 'none')) this.#fail(`key ${only}`);
    if (only !== undefined && !account.takeKey(only)) this.#fail(`the key ${only} of another call`);
    const bodies = new Set(this.#received.flatMap((entry) => entry.body ?? []));
    if (bodies.size > 1) this.#fail(`bodies ${[...bodies].join(', ')}`);
    for (const one of bodies)
      if (body !== undefined && one !== body) this.#fail(`body ${one}, not ${body}`);
    this.#checkRetryAfter();
  }

  /** By the server's clock, no request came before its Retry-After was over. */
  #checkRetryAfter(): void {
    for (const { attempt, answeredAt } of this.#received) {
      const next = this.#received.find((entry) => entry.attempt === attempt + 1);
      const seconds = retryAfterIn(this.#fault(attempt)) ?? 0;
      const wasSeen = this.#record.report?.attempts[attempt]?.status !== undefined;
      if (next === undefined || answeredAt === undefined || !wasSeen) continue;
      const after = next.arrivedAt - answeredAt;
      if (after < seconds * 1000 - CLOCK_STEP_MS) {
        this.#fail(`attempt ${attempt + 1} came ${after} ms after a Retry-After of ${seconds} s`);
      }
    }
  }

  #explainMissing({ attempt }: Send): void {
    const account = this.#account;
    const { report } = this.#record;
    const seen = report?.attempts[attempt];
    const isLast = attempt === this.#record.sends.length - 1;
    if (seen && isSight('reset', seen, account.transport)) return; // Counted with its sight.
    if (seen && isSight('timeout', seen, account.transport)) return;
    if (isLast && this.#wasCut)
      account.count(account.deviations, 'aborted before the server saw it');
    // The error of a cancel token that came during a later send has no report.
    else if (report === undefined && this.#record.settled?.as === 'canceled')
      account.count(account.deviations, 'keep-alive race: no trace at the server');
    else this.#fail(`send ${attempt} never arrived`);
  }

  /** Each attempt ended as the plan says, and the call went on and ended as its policy says. */
  #checkCourse(): void {
    const { report, sends, settled } = this.#record;
    const account = this.#account;
    const attempts = report?.attempts ?? [];
    const { gaveUp } = report ?? {};
    account.count(account.endings, settled?.as === 'canceled' ? 'aborted' : (gaveUp ?? 'success'));
    for (const [i, attempt] of attempts.entries()) {
      const isLast = i === attempts.length - 1;
      const sight = this.#sightAt(i, attempt, isLast);
      if (sight === undefined) break;
      const step = stepAfter(this.#plan, i, sight, retryAfterIn(this.#fault(i)));
      if ('ends' in step) {
        if (!isLast) this.#fail(`went on after attempt ${i}, where it was to end: ${step.ends}`);
        else this.#checkEnding(step.ends);
      } else if (!isLast || attempt.delay !== undefined) {
        const { delay = -1 } = attempt;
        if (delay < step.least || delay > step.most) {
          this.#fail(`waited ${delay} ms, not ${step.least} to ${step.most}`);
        }
        if (isLast && !this.#wasCut) this.#fail('ended in a wait');
      } else if (!this.#wasCut) this.#fail(`ended after attempt ${i}, where it was to go on`);
    }
    if (this.#wasCut) this.#checkCut();
    const isRepeatable =
      !['POST', 'PATCH'].includes(this.#plan.method) || this.#plan.key !== 'none';
    const broken = attempts.findIndex(({ code }) => code !== undefined);
    if (!isRepeatable && broken >= 0 && sends.length > broken + 1) {
      this.#fail('sent again without a key after a network error');
    }
  }

  /** What the client saw of an attempt; `undefined` if it was cut, or was not to be seen. */
  #sightAt(
    i: number,
    attempt: { readonly status?: number; readonly code?: string },
    isLast: boolean,
  ): Sight | undefined {
    const account = this.#account;
    const { transport } = account;
    const planned = this.#sight(i);
    const send = this.#record.sends[i];
    const entry = this.#received.find((one) => one.attempt === i);
    if (isSight(planned, attempt, transport)) return planned;
    if (isLast && this.#wasCut && attempt.status === undefined) return undefined;
    if (isSight('reset', attempt, transport)) {
      if (entry === undefined) {
        account.count(account.deviations, 'keep-alive race: no trace at the server');
        return 'reset';
      }
      if (entry.isCollateral) {
        account.count(account.deviations, 'ended with its HTTP/2 session');
        return 'reset';
      }
    }
    // A reset throws away what has arrived and is not read yet.
    if (this.#fault(i) === 'reset-in-body' && isSight('reset', attempt, transport)) {
      account.count(account.deviations, 'reset before its headers were read');
      return 'reset';
    }
    // Axios 1.21 takes a body for whole that ends with its connection.
    if (planned === 'cut' && entry?.isCollateral && isSight(200, attempt, transport)) {
      account.count(account.deviations, 'ended with its HTTP/2 session');
      return 200;
    }
    const took = (send?.endedAt ?? 0) - (send?.startedAt ?? 0);
    if (isSight('timeout', attempt, transport) && took >= this.#plan.timeout - CLOCK_STEP_MS) {
      account.count(account.deviations, 'time-out of a slow machine');
      return 'timeout';
    }
    // The answer was there before the client looked at its timers.
    if (this.#fault(i) === 'late' && isSight(200, attempt, transport) && took >= LATE_MS) {
      account.count(account.deviations, 'time-out of a slow machine');
      return 200;
    }
    const isCut = isSight('cut', attempt, transport) && transport === 'http';
    if (isCut && took >= this.#plan.timeout - CLOCK_STEP_MS) {
      account.count(account.deviations, 'time-out of a slow machine');
      return 'cut';
    }
    this.#fail(`attempt ${i} was seen as ${JSON.stringify(attempt)}, not ${planned}`);
    return undefined;
  }

  #checkEnding(planned: string): void {
    const { settled, report } = this.#record;
    const { gaveUp } = report ?? {};
    // Something else was first: its time was over, or would have been before the next attempt.
    if (this.#wasCut) return;
    if (gaveUp !== (planned === 'well' ? undefined : planned)) {
      this.#fail(`gave up by ${gaveUp}, not ${planned}`);
    }
    const last = report?.attempts.at(-1);
    const resolves = planned === 'well' || (this.#plan.resolvesAll && last?.code === undefined);
    if ((settled?.as === 'response') !== resolves) {
      this.#fail(`settled as ${settled?.as}`);
    }
    const status = settled && 'status' in settled ? settled.status : undefined;
    if (last?.code === undefined && status !== last?.status) this.#fail(`settled with ${status}`);
  }

  /** An abort, or the end of `totalTimeout`, came when it was to come. */
  #checkCut(): void {
    const { settled, startedAt, abortedAt, settledAt = 0, report } = this.#record;
    if (settled?.as === 'canceled') {
      if (abortedAt === undefined) this.#fail('canceled, and not aborted');
      else if (settledAt < abortedAt) this.#fail('canceled before it was aborted');
      else if (settledAt > abortedAt + LATENESS_MS) {
        this.#fail(`canceled ${settledAt - abortedAt} ms after its abort`);
      }
      return;
    }
    const { totalTimeout = Infinity } = this.#plan;
    const took = settledAt - startedAt;
    if (took > totalTimeout + LATENESS_MS) this.#fail(`took ${took} ms`);
    const { retryAt, attempts = [] } = report ?? {};
    // A wait that would have ended too late was not begun; otherwise the time is over.
    const wasTooLong = (retryAt ?? 0) > (attempts[0]?.sentAt ?? 0) + totalTimeout;
    if (!wasTooLong && took < totalTimeout - CLOCK_STEP_MS) {
      this.#fail(`gave up by total-timeout after ${took} ms`);
    }
  }

  /** What stands after the plugin saw one outcome, what stands before it each attempt's. */
  #checkInterceptors(): void {
    const { outcomes, attemptOutcomes, gaveUp, sends, settled, report } = this.#record;
    const { isBare } = this.#plan;
    if (outcomes !== (isBare ? 0 : 1)) this.#fail(`${outcomes} outcomes after the plugin`);
    const attempts = isBare ? 0 : sends.length;
    if (attemptOutcomes !== attempts && !(this.#wasCut && attemptOutcomes <= attempts + 1)) {
      this.#fail(`${attemptOutcomes} outcomes before the plugin`);
    }
    const reason = report?.gaveUp;
    const isTold =
      settled?.as !== 'canceled' &&
      reason !== undefined &&
      (sends.length > 1 || (reason === 'network' ? this.#plan.networkErrors : reason !== 'status'));
    // A time that is over in the first attempt ends a call that was to be retried or not: either is right.
    const isOpen = reason === 'total-timeout' && sends.length <= 1;
    if (!isOpen && gaveUp !== (isTold ? 1 : 0)) this.#fail(`onGiveUp was called ${gaveUp} times`);
    if (gaveUp > 1) this.#fail('onGiveUp was called again');
  }

  /** The response is of this call and its last attempt. */
  #checkRead(): void {
    const { read, sends, settled, report } = this.#record;
    if (settled?.as !== 'response' || read === undefined || read === 'abandoned') return;
    const last = sends.length - 1;
    const fault = this.#fault(last);
    if (Array.isArray(read)) {
      if (read[0] !== this.#record.id || read[1] !== last) this.#fail(`read ${read}`);
      return;
    }
    const isBad = /body|truncated|stalled|endless|gzip/.test(fault) && fault !== 'gzip';
    // After a wait that ended the call its response has no body.
    if (isBad || report?.gaveUp !== undefined) return;
    const account = this.#account;
    // The time-out of the attempt goes on while a stream is read.
    const readFor = (this.#record.readAt ?? 0) - (sends[last]?.startedAt ?? 0);
    const { isCollateral } = this.#received.find((one) => one.attempt === last) ?? {};
    if (read !== 'cut off') this.#fail(`read ${read}`);
    else if (isCollateral) account.count(account.deviations, 'ended with its HTTP/2 session');
    else if (readFor >= this.#plan.timeout)
      account.count(account.deviations, 'time-out of a slow machine');
    else this.#fail(`read ${read} after ${readFor} ms`);
  }
}

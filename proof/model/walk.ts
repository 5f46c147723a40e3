// The oracle of one call: goes through its record and compares each entry with what the contract says comes next.
import { isCancel } from 'axios';
import { isRetryDeferred } from '../../src/deferral/index.js';
import { isRetryGateError } from '../../src/gate/index.js';
import type { RetryReport, RetryWait } from '../../src/index.js';
import type { Expected, Failed } from './decision.js';
import { decide, forced, retriesStatus, toldDelay } from './decision.js';
import type { CallRecord, Entry, Outcome } from './record.js';
import { codeOf, isOutside, statusOf } from './record.js';

interface Moment {
  readonly at: number;
  readonly wall: number;
}

type Of<W extends Entry['what']> = Extract<Entry, { what: W }>;

/** How a call ended badly, by the contract. */
interface Ending {
  /** Reasons of the report, any of them. */
  readonly reasons: readonly string[] | undefined;
  readonly giveUpHook: 'yes' | 'no' | 'either';
  readonly is: (outcome: Outcome) => boolean;
  readonly name: string;
  readonly retryAts?: readonly number[] | undefined;
}

export class Broken extends Error {}

/** What the walk of a call is good for elsewhere: the replay of a budget, the closings of a gate, the figures. */
export interface Walked {
  readonly retriesDecided: {
    seq: number;
    status: number | undefined;
    wasRefused: boolean;
    isFirst: boolean;
  }[];
  succeededAt: { seq: number; isRetry: boolean } | undefined;
  waits: number;
  exactWaits: number;
}

const TOLERANCE_MS = 1;
/** A wall clock set forward is noticed when the timer is armed again, at least every 15 s. */
const LAST_DATE = 8.64e15;
const REARM_MS = 15_000;

export function walk(call: CallRecord): Walked {
  return new Walk(call).run();
}

class Walk {
  readonly #entries: readonly Entry[];
  readonly #outside: readonly Entry[];
  #i = 0;
  #now = 0;
  /** Of the attempt under way or the last one. */
  #retries: number;
  #sends = 0;
  #begun = 0;
  /** When the first attempt began and when it was sent. Which of them counts, or when it passed the gate, the contract does not say. */
  #first: { begun: Moment; sent: Moment | undefined } | undefined;
  #previousDelay: number | undefined;
  readonly #delays: (number | undefined)[] = [];
  readonly #answers: Of<'answer'>[] = [];
  readonly #sendTimes: { from: number; to: number }[] = [];
  #key: string | undefined;
  #token: string | undefined;
  #last: Outcome | undefined;
  #state: object | undefined;
  #edit: string | undefined;
  #wantedByDecide = false;
  #rowRetried = false;
  #networkFailed = false;
  readonly #walked: Walked = {
    retriesDecided: [],
    succeededAt: undefined,
    waits: 0,
    exactWaits: 0,
  };

  constructor(readonly call: CallRecord) {
    this.#entries = call.entries.filter((entry) => !isOutside(entry));
    this.#outside = call.entries.filter(isOutside);
    this.#retries = call.carry.retries;
    const { firstSentAt, firstBegunAt = firstSentAt, previousDelay } = call.carry;
    this.#previousDelay = previousDelay;
    const start = this.#entries[0];
    if (firstSentAt !== undefined && firstBegunAt !== undefined && start) {
      const momentOf = (wall: number): Moment => ({ wall, at: start.at - (start.wall - wall) });
      this.#first = { begun: momentOf(firstBegunAt), sent: momentOf(firstSentAt) };
    }
  }

  /** Whether the wall stood still or was set in its time: then times that the wall decides are only bounded. */
  get #isSteady(): boolean {
    const { changes, wasStanding } = this.call;
    return changes[0] === changes[1] && !wasStanding;
  }

  run(): Walked {
    const start = this.#take('start');
    this.#now = start.at;
    if (this.call.plan.retry === 'wrong' && this.call.isFrom === 'caller' && this.call.isOn) {
      this.#wrongOptions();
      return this.#walked;
    }
    if (this.call.carry.notBefore !== undefined) this.#ticketWait(start);
    else this.#attempt();
    return this.#walked;
  }

  // ---- phases

  #wrongOptions(): undefined {
    // Where the options are checked, an interceptor may have seen the request already; it is not sent.
    while (this.#peek()?.what === 'request' || this.#peek()?.what === 'request-done') {
      const entry = this.#peek() as Entry;
      this.#i += 1;
      this.#now = entry.at;
    }
    if (this.#peek()?.what === 'inner') this.#inner();
    this.#finish({
      name: 'a RangeError for wrong options',
      reasons: undefined,
      giveUpHook: 'no',
      is: ({ ok, value }) =>
        !ok &&
        (value instanceof RangeError || (value as Error).name === 'ModelError' || isCancel(value)),
    });
  }

  #ticketWait(start: Entry): undefined {
    const { notBefore = 0, wasSent } = this.call.carry;
    if (wasSent) this.#retries += 1;
    const due = start.at + Math.max(notBefore - start.wall, 0);
    this.#awaitAttempt({
      from: start,
      due,
      dueWall: notBefore,
      isTicket: true,
      isBounded: this.#sawSetBack(start),
    });
  }

  #sawSetBack(_start: Entry): boolean {
    return !this.#isSteady;
  }

  /** Request interceptors, the send, its answer, and what follows from it. */
  #attempt(): undefined {
    const { at, wall } = this.#entries[this.#i - 1] as Entry;
    const begun = { at: Math.max(at, this.#now), wall };
    this.#first ??= { begun, sent: undefined };
    this.#begun += 1;
    for (const where of ['late', 'early'] as const) {
      if (this.#endsEarly(where)) return;
      const seen = this.#take('request', where);
      this.#check(
        seen.sameBody || !this.call.isOn,
        `the ${where} interceptor does not see the body of the caller`,
      );
      const marks = where === 'late' ? '' : 'L';
      if (this.call.isFrom !== 'interceptor')
        this.#check(seen.marks === marks, `the ${where} interceptor meets marks '${seen.marks}'`);
      if (this.call.isFrom === 'caller') {
        const urls = where === 'late' ? /\/c\d+$/ : /\/c\d+\?late$/;
        this.#check(urls.test(seen.url), `the ${where} interceptor meets the URL ${seen.url}`);
        const params = where === 'late' ? { q: '1' } : { q: '1', late: '1' };
        this.#check(same(seen.params, params), `the ${where} interceptor meets other params`);
      }
      this.#check(
        seen.edit === this.#edit || this.call.isFrom === 'interceptor',
        `edit ${this.#edit} of beforeRetry is ${seen.edit} for the ${where} one`,
      );
      const done = this.#take('request-done', where, true);
      if (done.thrown !== undefined) {
        const { value } =
          this.#peek()?.what === 'inner' ? this.#inner().outcome : { value: done.thrown };
        return this.#threw('a request interceptor that throws', value);
      }
      this.#now = done.at;
    }
    if (this.#endsEarly('send')) return;
    const send = this.#take('send');
    this.#checkSend(send, begun);
    const answer = this.#take('answer', undefined, true);
    this.#now = answer.at;
    this.#answers.push(answer);
    this.#checkAnswer(send, answer);
    this.#afterAnswer(send, answer);
  }

  #checkSend(send: Of<'send'>, begun: Moment): undefined {
    const { sent } = send;
    const { plan, options, carry, isOn } = this.call;
    this.#sends += 1;
    if (this.#first && !this.#first.sent) this.#first.sent = send;
    this.#sendTimes.push({ from: begun.wall, to: send.wall });
    if (isOn && this.call.isFrom !== 'interceptor')
      this.#check(
        sent.retryCount === this.#retries,
        `retryCount is ${sent.retryCount}, not ${this.#retries}`,
      );
    this.#check(sent.method === plan.method, `it is sent as ${sent.method}`);
    if (plan.body === 'object')
      this.#check(sent.data === '{"item":"tea"}', `it is sent with ${sent.data}`);
    if (plan.body === 'text')
      this.#check(sent.data === 'plain text', `it is sent with ${sent.data}`);
    if (plan.body === 'stream' || (plan.body === 'form' && this.call.isFrom !== 'ticket'))
      this.#check(sent.data === this.call.body, 'its body is replaced');
    if (plan.body === 'stream' && isOn)
      this.#check(
        this.#sends + carry.attempts === 1 || this.call.isFrom !== 'caller',
        'a stream is sent twice',
      );
    if (this.call.isFrom !== 'interceptor')
      this.#check(sent.marks === 'LE', `it is sent with marks '${sent.marks}'`);
    const isPost = plan.method === 'POST' || plan.method === 'PATCH';
    if (plan.ownKey) this.#check(sent.key === 'mine', `its own key has become ${sent.key}`);
    else if (this.call.isFrom !== 'interceptor')
      this.#check(
        (sent.key !== undefined) ===
          ((isOn && options.idempotencyKey === true && isPost) || carry.key !== undefined),
        `its key is ${sent.key}`,
      );
    const key = this.#key ?? carry.key;
    if (key !== undefined)
      this.#check(sent.key === key, `its key changes from ${key} to ${sent.key}`);
    this.#key = sent.key;
    if (this.#token !== undefined && this.call.isFrom !== 'interceptor')
      this.#check(sent.token !== undefined, 'the default header is lost');
    this.#token = sent.token;
  }

  #checkAnswer(send: Of<'send'>, answer: Of<'answer'>): undefined {
    const deadline = this.#deadline();
    if (answer.kind === 'aborted') {
      const byCaller = this.#aborted(answer.seq);
      const byTime =
        deadline !== undefined && (answer.at >= deadline.from - TOLERANCE_MS || !this.#isSteady);
      this.#check(byCaller || byTime, 'the attempt was aborted by nobody');
      if (
        !byCaller &&
        this.#isSteady &&
        deadline !== undefined &&
        this.call.isFrom !== 'interceptor'
      )
        this.#check(
          answer.at <= Math.max(deadline.to, send.at) + TOLERANCE_MS,
          'totalTimeout ended the attempt late',
        );
    } else if (
      deadline !== undefined &&
      this.#isSteady &&
      this.call.isOn &&
      this.call.isFrom !== 'interceptor'
    )
      this.#check(
        answer.at <= Math.max(deadline.to, send.at) + TOLERANCE_MS,
        'totalTimeout did not end the attempt',
      );
  }

  /** When `totalTimeout` is over, at the earliest and at the latest. */
  #deadline(): { readonly from: number; readonly to: number } | undefined {
    const { totalTimeout } = this.call.options;
    if (totalTimeout === undefined || !this.#first) return undefined;
    const { begun, sent = begun } = this.#first;
    return { from: begun.at + totalTimeout, to: sent.at + totalTimeout };
  }

  #inner(): Of<'inner-done'> {
    this.#take('inner');
    const done = this.#take('inner-done', undefined, true);
    this.#now = done.at;
    return done;
  }

  #afterAnswer(send: Of<'send'>, answer: Of<'answer'>): undefined {
    const done = this.#inner();
    const seen = done.outcome;
    const { call } = this;
    const { kind } = answer;
    if (
      done.act === 'throw' ||
      (done.act === 'swallow' && seen !== answer.outcome && seen.ok && !answer.outcome.ok) ||
      (done.act === 'data' && seen.ok)
    ) {
      // What an interceptor makes of it hides the status: it is passed on as it is.
      if (seen.ok) return this.#succeed(seen, done);
      return this.#threw('the error of a response interceptor', seen.value);
    }
    this.#last = seen;
    if (!call.isOn) return this.#finish(this.#itself(seen, undefined, 'no'));
    if (kind === 'aborted') {
      if (!this.#aborted(done.seq)) return this.#finish(this.#timedOut());
      if (!this.#isTimedOut(answer, 'from')) return this.#finish(this.#canceled());
      // The contract does not say from when the time counts, so either may have come first.
      if (!this.#isTimedOut(answer, 'to')) return this.#finish(this.#canceled(), this.#timedOut());
      return this.#finish(this.#timedOut());
    }
    if (this.#aborted(done.seq)) {
      // The contract does not say whether the hook is asked about an attempt that failed before the abort.
      const hook = this.#peek();
      if (hook?.what === 'hook' && hook.name === 'decide') this.#hook('decide', undefined, seen);
      if (this.#isPastDeadline(done)) return this.#finish(this.#timedOut(), this.#abortedOr());
      const isAfter = seen.ok && !retriesStatus(call, statusOf(seen) ?? 0);
      if (isAfter)
        return this.#finish(
          this.#success(seen),
          this.#itself(seen, ['status'], 'either'),
          this.#abortedOr(),
        );
      return this.#finish(this.#abortedOr(this.#itself(seen, undefined, 'either')));
    }
    const status = kind === 'status' ? statusOf(seen) : undefined;
    this.#rowRetried ||= status !== undefined && retriesStatus(call, status);
    if (seen.ok && !(status !== undefined && retriesStatus(call, status))) {
      // The contract is silent on a 4xx or 5xx that Axios resolves and the table does not retry: `decide` may be asked.
      const isAsked = this.#peek()?.what === 'hook';
      if (status === undefined || status < 400) return this.#succeed(seen, done);
      const reasons = ['status', 'total-timeout'];
      if (!isAsked) return this.#finish(this.#success(seen), this.#itself(seen, reasons, 'either'));
    }
    this.#networkFailed ||= status === undefined;
    this.#afterFailure(answer, done, status, seen, send);
  }

  /** Whether `totalTimeout` was over before the answer and any abort, by its earliest or its latest end. */
  #isTimedOut(answer: Of<'answer'>, by: 'from' | 'to'): boolean {
    const end = this.#deadline()?.[by] ?? Infinity;
    const abort = this.#outside.find(({ what }) => what === 'abort');
    return answer.at >= end && (abort === undefined || abort.at > end);
  }

  #afterFailure(
    answer: Of<'answer'>,
    done: Entry,
    status: number | undefined,
    seen: Outcome,
    send: Of<'send'>,
  ): undefined {
    const { call } = this;
    const isKeyed = this.#key !== undefined;
    const { begun, sent = send } = this.#first ?? { begun: send };
    const isBetween = ({ at }: Moment): boolean => at > begun.at && at < sent.at;
    const passed = this.#outside.filter((one) => one.what === 'wait-gone' && isBetween(one));
    const firsts = begun.at === sent.at ? [sent] : [sent, ...passed, begun];
    const failedSince = (entry: Entry, first: Moment): Failed => ({
      status,
      code: codeOf(seen),
      isResolved: seen.ok,
      told: answer.told,
      retryNumber: this.#retries + 1,
      previousDelay: this.#previousDelay,
      isKeyed,
      now: entry.wall,
      elapsed: this.#isSteady ? entry.at - first.at : entry.wall - first.wall,
    });
    const failedAt = (entry: Entry) => failedSince(entry, sent);
    const moments: Entry[] = [answer];
    const each = (judge: (failed: Failed) => Expected[]): Expected[] =>
      moments.flatMap((moment) => firsts.flatMap((first) => judge(failedSince(moment, first))));
    if (done.at > answer.at) moments.push(done);
    let last: Entry = done;
    let expected: Expected[] = each((failed) => decide(call, failed));
    let isForced = false;
    let isLet = false;
    if (call.instance.hooks) {
      if (this.#endsCanceled(this.#peek()))
        return this.#finish(this.#abortedOr(this.#itself(seen, undefined, 'either')));
      const hook = this.#hook('decide', this.#retries + 1, seen);
      if (hook.isAborted) return this.#finish(this.#abortedOr(...this.#hookEndings(hook)));
      last = hook.end;
      if (last.at > answer.at) moments.push(last);
      if (hook.done.thrown !== undefined) return this.#hookThrew(hook);
      const { act, delay } = hook.entry.plan;
      if (act === 'nonsense') return this.#finish(this.#nonsense('decide'));
      if (last.at > answer.at) expected = each((failed) => decide(call, failed));
      if (act === 'stop') {
        if (seen.ok) return this.#succeed(seen, last);
        // The contract is silent on the reason where the table would not have retried either.
        const reasons = expected.flatMap((one) =>
          one.end === 'give-up' ? [...one.reasons, 'decided'] : ['decided'],
        );
        if (this.#isPastDeadline(last)) reasons.push('total-timeout');
        return this.#finish(
          this.#itself(seen, reasons, this.#giveUpHook('either-if-hinted', status)),
        );
      }
      if (act === 'force') {
        isForced = true;
        this.#wantedByDecide = true;
        expected = [false, true].flatMap((isJittered) =>
          each((failed) => forced(call, failed, delay, isJittered)),
        );
      } else if (seen.ok && expected.some(({ end }) => end === 'give-up')) isLet = true;
      // A detach or an abort in the meantime is looked at below.
    }
    if (this.#aborted(last.seq))
      return this.#finish(this.#abortedOr(this.#itself(seen, undefined, 'either')));
    this.#follow({ expected, moments, last, seen, status, isForced, isLet, answer, failedAt });
  }

  /** What follows from the decision: whatever comes next must be one of what is expected. */
  #follow(given: {
    expected: readonly Expected[];
    moments: readonly Entry[];
    last: Entry;
    seen: Outcome;
    status: number | undefined;
    isForced: boolean;
    isLet: boolean;
    answer: Of<'answer'>;
    failedAt: (entry: Entry) => Failed;
  }): undefined {
    const { expected, seen, status, last, answer } = given;
    const { call } = this;
    const next = this.#peek();
    const retries = expected.filter((one) => one.end === 'retry');
    const budget = call.instance.budget !== 'none';
    const isLoose =
      !this.#isSteady && (call.options.maxElapsed ?? call.options.totalTimeout) !== undefined;
    const note = (wasRefused: boolean) =>
      this.#walked.retriesDecided.push({
        seq: last.seq,
        status,
        wasRefused,
        isFirst: this.#retries === 0,
      });

    if (next?.what === 'save') {
      const isDrained =
        retries.length > 0 &&
        this.#outside.some(({ what, seq }) => what === 'suspend' && seq > last.seq);
      this.#check(
        expected.some(({ end }) => end === 'defer') || isDrained || call.isGated || isLoose,
        this.#unexpected('a ticket', expected),
      );
      return this.#save(answer, expected);
    }
    const wait = this.#waitAfter(last);
    if (this.#continues(next, wait)) {
      this.#check(retries.length > 0 || isLoose, this.#unexpected('a retry', expected));
      if (budget) note(false);
      return this.#wait({ ...given, retries, wait });
    }
    // It ends here.
    const ends: Ending[] = [];
    if (this.#isPastDeadline(last)) ends.push(this.#itself(seen, ['total-timeout'], 'either'));
    for (const one of expected)
      if (one.end === 'give-up')
        ends.push(this.#itself(seen, one.reasons, this.#giveUpHook('', status), one.retryAts));
    if (given.isLet) ends.push(this.#success(seen));
    if (isLoose) ends.push(this.#itself(seen, ['max-elapsed', 'total-timeout'], 'either'));
    if (budget && retries.length > 0) {
      // Whether the budget is a limit that refuses `decide`, the contract does not say.
      const hook =
        given.isForced && !this.#rowRetried && this.#retries === 0
          ? 'either'
          : this.#giveUpHook('', status);
      const end = this.#itself(seen, ['budget'], hook);
      if (this.#outcomeReport()?.gaveUp === 'budget') note(true);
      ends.push(end);
    }
    if (this.#outside.some(({ what, seq }) => what === 'detach' && seq < (next?.seq ?? 0)))
      ends.push(this.#itself(seen, ['canceled'], 'either'));
    if (call.isGated && expected.some(({ end }) => end !== 'give-up'))
      ends.push(...this.#gateEndings());
    // A wait of nothing may be ended from outside before it shows.
    if (
      retries.length > 0 &&
      this.#outside.some(
        ({ what, seq }) => (what === 'suspend' || what === 'cancel') && seq > answer.seq,
      )
    )
      ends.push(...this.#cutEndings());
    if (ends.length === 0) throw this.#broken(this.#unexpected(this.#describe(next), expected));
    this.#finish(...ends);
  }

  #continues(next: Entry | undefined, wait: Of<'wait'> | undefined): boolean {
    if (next?.what === 'hook' && next.name !== 'onGiveUp') return true;
    if (next?.what === 'request') return true;
    return wait !== undefined && (next === undefined || wait.seq < next.seq);
  }

  /** The entry of the wait that begins after this entry and before the next one in order. */
  #waitAfter(last: Entry): Of<'wait'> | undefined {
    const next = this.#entries
      .slice(this.#i)
      .find((one) => one.what === 'request' || one.what === 'outcome');
    return this.#outside.find(
      (one): one is Of<'wait'> =>
        one.what === 'wait' &&
        one.seq > last.seq &&
        one.seq < (next?.seq ?? Infinity) &&
        one.wait.basis !== 'gate',
    );
  }

  #wait(given: {
    retries: readonly (Expected & { end: 'retry' })[];
    moments: readonly Entry[];
    last: Entry;
    seen: Outcome;
    status: number | undefined;
    isForced: boolean;
    wait: Of<'wait'> | undefined;
    answer: Of<'answer'>;
    failedAt: (entry: Entry) => Failed;
  }): undefined {
    const { call } = this;
    const { moments, last, seen } = given;
    this.#walked.waits += 1;
    let hook: ReturnType<Walk['hookShape']> | undefined;
    let shown: Partial<RetryWait> | undefined = given.wait?.wait as Partial<RetryWait> | undefined;
    if (call.instance.hooks) {
      hook = this.#hook('onRetry', this.#retries + 1, seen);
      shown ??= hook.shown;
      if (hook.isAborted && this.#peek()?.what === 'save') return this.#saveInWait();
      if (hook.isAborted)
        return this.#finish(this.#abortedOr(...this.#hookEndings(hook), ...this.#cuts()));
      if (hook.done.thrown !== undefined) return this.#hookThrew(hook);
      if (hook.entry.plan.act === 'abort' && this.#aborted(hook.done.seq))
        return this.#finish(this.#abortedOr());
    }
    const fits = given.retries.filter(
      ({ delay }) => shown?.delay === undefined || near(shown.delay, delay),
    );
    const one = fits[0] ?? given.retries[0];
    if (one !== undefined && shown !== undefined) {
      const known = given.retries.map(({ delay }) => delay).join(' or ');
      this.#check(fits.length > 0, `the wait is ${shown.delay} ms, not ${known}`);
      this.#check(
        shown.retryNumber === this.#retries + 1,
        `the wait is for retry ${shown.retryNumber}`,
      );
      if (!given.isForced) {
        this.#check(
          fits.some(({ basis }) => basis.includes(shown.basis ?? '')),
          `its basis is ${shown.basis}, not ${one.basis}`,
        );
        this.#check(
          shown.maxRetries === one.limit,
          `its maxRetries is ${shown.maxRetries}, not ${one.limit}`,
        );
      }
      this.#check(shown.status === given.status, `the status of the wait is ${shown.status}`);
      this.#check(
        shown.method?.toUpperCase() === call.plan.method,
        `its method is ${shown.method}`,
      );
      const dues = moments.map((moment) => moment.wall + (shown.delay ?? 0));
      this.#check(
        !this.#isSteady ||
          ((shown.dueAt ?? 0) >= Math.min(...dues) - TOLERANCE_MS &&
            (shown.dueAt ?? 0) <= Math.max(...dues) + TOLERANCE_MS),
        `it is due at ${shown.dueAt}, not ${dues}`,
      );
    }
    const delay = shown?.delay ?? one?.delay ?? 0;
    this.#previousDelay = delay;
    this.#delays[this.#sends - 1] = delay;
    this.#retries += 1;
    const from = moments[0] as Entry;
    // Nothing undercuts what the answer said, by its own arrival.
    const told = toldDelay(call, given.failedAt(from)) ?? 0;
    const dueWall = shown?.dueAt ?? from.wall + delay;
    const isHeeded = !this.#isSteady || dueWall >= from.wall + told;
    this.#check(
      isHeeded,
      `it is due ${dueWall - from.wall} ms after an answer that told ${told} ms`,
    );
    const end = hook?.end ?? last;
    this.#awaitAttempt({
      from,
      due: this.#isSteady ? from.at + dueWall - from.wall : from.at + delay,
      dueWall,
      slack: this.#isSteady ? 0 : end.at - from.at,
      after: end.at,
      isBounded: !this.#isSteady,
    });
  }

  /** Until the next attempt begins at its time, or something ends the wait. */
  #awaitAttempt(wait: {
    from: Entry;
    due: number;
    dueWall: number;
    slack?: number;
    after?: number;
    isTicket?: boolean;
    isBounded: boolean;
  }): undefined {
    const { from, due, dueWall, slack = 0, after = 0, isBounded } = wait;
    const next = this.#peek();
    const goes = next?.what === 'request' || (next?.what === 'hook' && next.name === 'beforeRetry');
    if (next?.what === 'save') return this.#saveInWait();
    if (!goes) return this.#finish(...this.#cutEndings(next));
    const before = next as Entry;
    const stops = this.#outside.filter(
      ({ what, seq }) =>
        ['abort', 'cancel', 'suspend', 'detach'].includes(what) &&
        seq > from.seq &&
        seq < before.seq &&
        !this.#isInHook(seq),
    );
    // An abort while a hook is under way ends the call after the hook; a wait that has not begun cannot be cut.
    this.#check(
      !stops.some(
        ({ what, at }) => (what === 'abort' || this.#showsAt(at, from)) && at < before.at,
      ),
      `it is sent after ${stops[0]?.what}`,
    );
    const push = this.#outside.find(
      ({ what, seq }) => what === 'retry-now' && seq > from.seq && seq < before.seq,
    );
    if (push === undefined) {
      if (isBounded) {
        const isOver =
          before.at >= due - TOLERANCE_MS ||
          before.wall >= dueWall - TOLERANCE_MS ||
          this.#reached(dueWall, before);
        this.#check(isOver, `it is sent ${due - before.at} ms early (the clock was set)`);
        // A clock that was set back while a hook was asked: the whole wait follows the hook.
        const held = this.#wasSetBackInHook(from, after) ? due - from.at : 0;
        if (!this.call.isGated)
          this.#check(
            before.at <= Math.max(due + slack, after + held) + REARM_MS,
            `it is sent ${before.at - due} ms late (the clock was set)`,
          );
      } else {
        this.#check(
          before.at >= due - TOLERANCE_MS + 0.999,
          `it is sent ${due - before.at} ms early`,
        );
        if (!this.call.isGated) {
          this.#check(
            before.at <= Math.max(due + slack, after),
            `it is sent ${before.at - due} ms late`,
          );
          if (slack === 0) this.#walked.exactWaits += 1;
        }
      }
    } else if (!this.call.isGated) {
      this.#check(
        before.at <= Math.max(push.at, after),
        `retryNow at ${push.at} sends at ${before.at}`,
      );
    }
    this.#now = before.at;
    if (next?.what === 'hook') {
      const hook = this.#hook('beforeRetry', this.#retries, this.#last);
      if (hook.isAborted) return this.#finish(this.#abortedOr(...this.#hookEndings(hook)));
      if (hook.done.thrown !== undefined) return this.#hookThrew(hook);
      this.#edit = hook.entry.plan.act === 'edit' ? `edit ${this.#retries}` : undefined;
      if (this.#aborted(hook.done.seq) && this.#peek()?.what !== 'request')
        return this.#finish(this.#abortedOr());
    } else {
      this.#check(
        !this.call.instance.hooks || wait.isTicket === true,
        'beforeRetry was not called',
      );
      this.#edit = undefined;
    }
    this.#attempt();
  }

  /** Whether the wall was set back while a hook delayed the wait. */
  #wasSetBackInHook(from: Entry, after: number): boolean {
    const own = this.#entries.filter(({ seq, at }) => seq >= from.seq && at <= after);
    return own.some((one, index) => {
      const next = own[index + 1];
      return next !== undefined && next.wall - one.wall < next.at - one.at;
    });
  }

  #reached(dueWall: number, before: Entry): boolean {
    return (
      this.call.entries.some(({ wall, seq }) => seq <= before.seq && wall >= dueWall) ||
      !this.#isSteady
    );
  }

  #showsAt(at: number, from: Entry): boolean {
    const wait = this.#outside.find((one) => one.what === 'wait' && one.seq > from.seq);
    return wait !== undefined && wait.at <= at;
  }

  #isInHook(seq: number): boolean {
    const before = this.#entries.filter((one) => one.seq < seq).at(-1);
    return before?.what === 'hook';
  }

  // ---- endings

  /** Before the send: an abort, a refusal of the gate, a time-out. */
  #endsEarly(expected: string): boolean {
    const next = this.#peek();
    if (next === undefined) return false;
    if (expected === 'send' ? next.what === 'send' : next.what === 'request') {
      if (expected === 'send' || !this.call.isGated) this.#checkNow(next, expected);
      this.#now = next.at;
      return false;
    }
    const ends: Ending[] = [];
    if (this.#aborted(next.seq))
      ends.push(
        this.#canceled(),
        ...(this.#last ? [this.#itself(this.#last, ['canceled'], 'either')] : []),
      );
    const deadline = this.#deadline();
    if (
      deadline !== undefined &&
      (next.at >= deadline.from || !this.#isSteady || this.call.isFrom === 'interceptor')
    )
      ends.push(this.#timedOut());
    if (this.call.isGated) ends.push(...this.#gateEndings(), ...this.#cuts(next));
    if (this.call.isUprooted) ends.push(...this.#cuts(next));
    if (ends.length === 0)
      throw this.#broken(`${this.#describe(next)} comes instead of ${expected}`);
    if (this.call.isGated && this.#peek()?.what === 'save') this.#take('save');
    if (this.#peek()?.what === 'save-done') this.#take('save-done');
    if (this.#peek()?.what === 'inner') {
      const done = this.#inner();
      if (done.act !== 'ok') ends.push(this.#anything());
    }
    this.#finish(...ends);
    return true;
  }

  #anything(): Ending {
    return { name: 'anything', reasons: undefined, giveUpHook: 'either', is: () => true };
  }

  #gateEndings(): Ending[] {
    const deferred = this.#deferred();
    const { instance } = this.call;
    return [
      {
        name: 'a RetryGateError',
        reasons: ['gate'],
        giveUpHook: 'either',
        is: ({ ok, value }) => !ok && isRetryGateError(value),
      },
      ...(instance.deferral === 'none' ? [] : [deferred, this.#saveFailed(), this.#bodyEnding()]),
      this.#timedOut(),
    ];
  }

  #bodyEnding(): Ending {
    return {
      name: 'a body for no ticket',
      reasons: ['body'],
      giveUpHook: 'either',
      is: ({ ok }) => !ok || this.#last?.ok === true,
    };
  }

  #saveFailed(): Ending {
    return {
      name: 'the error of save',
      reasons: undefined,
      giveUpHook: 'either',
      is: ({ ok, value }) => !ok && (value as Error).message === 'save failed',
    };
  }

  /** A drain, or a gate that is closed for long, saves the ticket of a wait. */
  #saveInWait(): undefined {
    const save = this.#take('save');
    const isSuspended = this.#outside.some(({ what, seq }) => what === 'suspend' && seq < save.seq);
    this.#check(isSuspended || this.call.isGated, 'a wait becomes a ticket by itself');
    this.#endSave(save);
  }

  /** What ends a wait from outside; at least one must have. */
  #cutEndings(next = this.#peek()): Ending[] {
    const ends = this.#cuts(next);
    if (ends.length === 0)
      throw this.#broken(
        `a wait ends with ${this.#describe(next)} at ${next?.at}, and nothing has ended it`,
      );
    return ends;
  }

  #cuts(next = this.#peek()): Ending[] {
    const before = this.#outside.filter(({ seq }) => seq < (next?.seq ?? Infinity));
    const ends: Ending[] = [];
    const cut = before.filter(({ what }) => what !== 'wait' && what !== 'wait-gone');
    const latest = (what: string) => cut.filter((one) => one.what === what).at(-1);
    const isLast = (entry: Entry | undefined) =>
      entry !== undefined && (entry.at === next?.at || this.#isInHook(entry.seq));
    if (isLast(latest('abort'))) ends.push(this.#canceled());
    if (isLast(latest('cancel')) || isLast(latest('detach'))) ends.push(this.#cancelledWait());
    if (isLast(latest('suspend'))) ends.push(this.#deferred(), this.#bodyEnding());
    if (this.call.isGated)
      ends.push(...this.#gateEndings(), ...(this.#last ? [] : [this.#canceled()]));
    if (!this.#isSteady || (next !== undefined && this.#isPastDeadline(next)))
      ends.push(this.#timedOut());
    return ends;
  }

  /** The last outcome: the error or response itself where no wait was between, otherwise one with its status. */
  #itself(
    seen: Outcome,
    reasons: readonly string[] | undefined,
    giveUpHook: Ending['giveUpHook'],
    retryAts?: readonly number[],
  ): Ending {
    const status = statusOf(seen);
    return {
      name: `the last outcome (${status ?? codeOf(seen)})`,
      reasons,
      giveUpHook,
      retryAts,
      is: ({ ok, value }) => ok === seen.ok && value === seen.value,
    };
  }

  #cancelledWait(): Ending {
    const seen = this.#last;
    if (seen === undefined && this.call.isFrom === 'ticket') return this.#anything();
    if (seen === undefined) return this.#canceled();
    const status = statusOf(seen);
    return {
      name: `the outcome of a cancelled wait (${status ?? codeOf(seen)})`,
      reasons: ['canceled'],
      giveUpHook: 'either',
      is: (outcome) =>
        outcome.ok === seen.ok &&
        !isCancel(outcome.value) &&
        statusOf(outcome) === status &&
        (seen.ok || codeOf(outcome) === codeOf(seen)),
    };
  }

  #canceled(): Ending {
    return {
      name: "Axios's CanceledError",
      reasons: this.#sends + this.call.carry.attempts > 0 ? ['canceled'] : undefined,
      giveUpHook: 'no',
      is: ({ ok, value }) => !ok && isCancel(value),
    };
  }

  /** An abort during a hook: the contract does not say which of the two comes first. */
  #abortedOr(...others: readonly Ending[]): Ending {
    const canceled = this.#canceled();
    return {
      name: [canceled, ...others].map(({ name }) => name).join(' or '),
      reasons: undefined,
      giveUpHook: others.length > 0 ? 'either' : 'no',
      is: (outcome) => [canceled, ...others].some((one) => one.is(outcome)),
    };
  }

  #timedOut(): Ending {
    const code = this.call.instance.clarifyTimeout ? 'ETIMEDOUT' : 'ECONNABORTED';
    return {
      name: `a time-out of the call (${code})`,
      reasons: ['total-timeout'],
      giveUpHook: this.#retries > 0 ? 'yes' : 'either',
      is: (outcome) =>
        (!outcome.ok && codeOf(outcome) === code) ||
        (outcome.ok === this.#last?.ok &&
          (outcome.value === this.#last?.value || statusOf(outcome) === statusOf(this.#last))),
    };
  }

  #deferred(): Ending {
    return {
      name: 'a RetryDeferredError',
      reasons: ['deferred'],
      // Whether a ticket is a retry that a limit refused to `decide`, the contract does not say.
      giveUpHook: this.#sends > 0 && (this.#rowRetried || this.#retries > 0) ? 'yes' : 'either',
      is: ({ ok, value }) => {
        if (ok || !isRetryDeferred(value)) return false;
        const { ticket } = value;
        if (this.#last === undefined || this.#last.ok) return true;
        const cause = statusOf({ ok: false, value: value.cause });
        return cause === statusOf(this.#last) && ticket.retries <= this.#retries;
      },
    };
  }

  #success(seen: Outcome): Ending {
    return {
      name: 'a success',
      reasons: [],
      giveUpHook: 'no',
      is: ({ ok, value }) => ok && value === seen.value,
    };
  }

  #succeed(seen: Outcome, after: Entry): undefined {
    this.#walked.succeededAt = { seq: after.seq, isRetry: this.#retries > this.call.carry.retries };
    this.#finish(this.#success(seen));
  }

  /** An error of an interceptor is passed on as it is. */
  #threw(name: string, thrown: unknown): undefined {
    this.#finish({
      name,
      reasons: undefined,
      giveUpHook: 'either',
      is: ({ value }) => value === thrown || isCancel(value),
    });
  }

  #hookThrew(hook: { done: Of<'hook-done'> }): undefined {
    this.#finish(this.#hookError(hook.done));
  }

  #hookError({ name, thrown }: Of<'hook-done'>): Ending {
    const status = this.#last && statusOf(this.#last);
    return {
      name: `the error of ${name}`,
      reasons: undefined,
      giveUpHook: name === 'onGiveUp' ? 'no' : 'either',
      is: ({ ok, value }) => {
        const { cause } = (value ?? {}) as { cause?: unknown };
        const isCaused =
          name === 'onGiveUp' ||
          this.#last?.ok === true ||
          statusOf({ ok: false, value: cause }) === status;
        return !ok && value === thrown && isCaused;
      },
    };
  }

  #nonsense(name: string): Ending {
    return {
      name: `a TypeError that names ${name}`,
      reasons: undefined,
      giveUpHook: 'either',
      is: ({ ok, value }) => !ok && value instanceof TypeError && value.message.includes(name),
    };
  }

  #hookEndings(hook: { done: Of<'hook-done'> | undefined; entry: Of<'hook'> }): Ending[] {
    const deadline = this.#deadline();
    if (deadline !== undefined && (!this.#isSteady || this.#now >= deadline.from))
      return [this.#timedOut()];
    if (!hook.done) return [];
    if (hook.done.thrown !== undefined) return [this.#hookError(hook.done)];
    return hook.entry.name === 'decide' && hook.entry.plan.act === 'nonsense'
      ? [this.#nonsense('decide')]
      : [];
  }

  #giveUpHook(how: '' | 'either-if-hinted', status: number | undefined): Ending['giveUpHook'] {
    const { options } = this.call;
    if (this.#retries > 0) return 'yes';
    if (this.#rowRetried || this.#wantedByDecide) return 'yes';
    if (status === undefined && this.#networkFailed)
      return options.networkErrors === true ? 'yes' : 'no';
    // A status that only a hint retries: the contract names the row and `decide`, not the hint.
    if (options.hints === true || how !== '') return options.hints === true ? 'either' : 'no';
    return 'no';
  }

  #save(answer: Of<'answer'>, expected: readonly Expected[]): undefined {
    const save = this.#take('save');
    const ticket = save.ticket as { notBefore: number; retries: number; sent: boolean };
    const dues = expected.flatMap((one) => (one.end === 'defer' ? [answer.wall + one.delay] : []));
    if (!this.call.isGated && this.#isSteady) {
      const isDue =
        dues.length === 0 ||
        dues.some((due) => ticket.notBefore >= Math.min(due, LAST_DATE) - TOLERANCE_MS);
      this.#check(isDue, `the ticket is for ${ticket.notBefore}, not ${dues}`);
      this.#check(
        ticket.retries === this.#retries && ticket.sent,
        `the ticket counts ${ticket.retries} retries, not ${this.#retries}`,
      );
    }
    this.#endSave(answer);
  }

  #endSave(from: Entry): undefined {
    const done = this.#peek()?.what === 'save-done' ? this.#take('save-done') : undefined;
    if (done) this.#now = done.at;
    if (done?.thrown !== undefined) {
      const { thrown } = done;
      return this.#finish({
        name: 'the error of save',
        reasons: undefined,
        giveUpHook: 'either',
        is: ({ ok, value }) => !ok && (value === thrown || isCancel(value)),
      });
    }
    const ends = [this.#deferred()];
    if (this.#outside.some(({ what, seq }) => what === 'abort' && seq > from.seq))
      ends.push(this.#canceled());
    if (this.#deadline() !== undefined) ends.push(this.#timedOut());
    if (this.call.isUprooted) ends.push(this.#cancelledWait());
    this.#finish(...ends);
  }

  /** onGiveUp, the outcome, the interceptors after the plugin, and what the caller gets. */
  #finish(...ends: readonly Ending[]): undefined {
    let given: Of<'hook'> | undefined;
    let thrown: Of<'hook-done'> | undefined;
    const next = this.#peek();
    if (next?.what === 'hook' && next.name === 'onGiveUp') {
      const hook = this.#hook('onGiveUp', undefined, this.#last);
      given = hook.entry;
      if (hook.done?.thrown !== undefined && !hook.isAborted) thrown = hook.done;
    }
    // A ticket whose wait is cut has not entered Axios: no interceptor sees that.
    if (this.call.isFrom === 'ticket' && this.#begun === 0 && this.#peek()?.what === 'settle') {
      const { outcome } = this.#take('settle');
      return this.#check(
        ends.some(({ is }) => is(outcome)),
        `the outcome is ${show(outcome)}`,
      );
    }
    const entry = this.#take('outcome', undefined, given === undefined ? undefined : true);
    const { outcome, report } = entry;
    if (ends.every(({ name }) => !name.includes('hook')) && given === undefined && this.call.isOn)
      this.#checkEndTime(entry);
    if (thrown !== undefined) {
      const { name, is } = this.#hookError(thrown);
      this.#check(is(outcome), `the outcome is not ${name} but ${show(outcome)}`);
    } else {
      const fits = ends.filter(
        ({ is, reasons }) =>
          is(outcome) &&
          (reasons === undefined ||
            report === undefined ||
            (reasons.length === 0
              ? report.gaveUp === undefined
              : reasons.includes(report.gaveUp ?? ''))),
      );
      const names = ends
        .map(({ name, reasons }) => `${name}, ${reasons ?? 'any reason'}`)
        .join('; or ');
      this.#check(
        fits.length > 0,
        `the outcome is ${show(outcome)}, ${report?.gaveUp}, but should be ${names}`,
      );
      const needs = fits.map(({ giveUpHook }) => giveUpHook);
      if (this.call.instance.hooks && this.call.isOn && !needs.includes('either'))
        this.#check(
          needs.includes(given ? 'yes' : 'no'),
          `onGiveUp was ${given ? '' : 'not '}called for ${fits[0]?.name}, ${report?.gaveUp}`,
        );
      const ats = fits.flatMap(({ retryAts }) => retryAts ?? []);
      if (ats.length > 0 && report && this.#isSteady && fits.every(({ retryAts }) => retryAts))
        this.#check(
          (this.#isPastDeadline(entry) && report.retryAt === undefined) ||
            ats.some((at) => near(report.retryAt ?? -1, at)),
          `retryAt is ${report.retryAt}, not ${ats}`,
        );
      if (given && report)
        this.#check(same(given.arg, report), 'onGiveUp got another report than the outcome has');
    }
    if (report) this.#checkReport(report, outcome);
    this.#now = entry.at;
    this.#afterPlugin(outcome);
  }

  #isPastDeadline({ at }: Entry): boolean {
    const deadline = this.#deadline();
    return deadline !== undefined && at >= deadline.from;
  }

  /** Ends come at once: at the time of the last thing that happened to the call. */
  #checkEndTime(entry: Entry): undefined {
    const deadline = this.#deadline();
    const times = new Set([this.#now, deadline?.from ?? -1, deadline?.to ?? -1]);
    for (const { what, at } of this.#outside)
      if (what !== 'wait' && what !== 'wait-gone') times.add(at);
    if (this.call.isGated || !this.#isSteady) return;
    this.#check(times.has(entry.at), `it ends at ${entry.at}, not at ${this.#now}`);
  }

  #checkReport(report: RetryReport, outcome: Outcome): undefined {
    const { carry, isFrom } = this.call;
    if (isFrom === 'interceptor') return;
    const count = Math.min(carry.attempts + this.#sends, 100);
    // An attempt that did not get past the interceptors may be in it.
    const isUnsent =
      this.#entries[this.#entries.findIndex(({ what }) => what === 'outcome') - 1]?.what !==
        'answer' &&
      report.attempts.length === count + 1 &&
      this.#begun > this.#sends;
    this.#check(
      isUnsent || report.attempts.length === count,
      `the report has ${report.attempts.length} attempts, not ${count}`,
    );
    const own = report.attempts.slice(carry.attempts);
    own.forEach((attempt, index) => {
      const answer = this.#answers[index];
      const times = this.#sendTimes[index];
      if (!answer || !times) return;
      if (this.#isSteady)
        this.#check(
          attempt.sentAt >= times.from && attempt.sentAt <= times.to,
          `attempt ${index} is said to be sent at ${attempt.sentAt}, not ${times.to}`,
        );
      const status = answer.kind === 'status' ? statusOf(answer.outcome) : undefined;
      const isOwn = status === undefined || attempt.status === status;
      this.#check(
        isOwn || index === own.length - 1,
        `attempt ${index} is said to have had ${attempt.status}, not ${status}`,
      );
      if (index < own.length - 1)
        this.#check(
          near(attempt.delay ?? -1, this.#delays[index] ?? -1),
          `the delay after attempt ${index} is said to be ${attempt.delay}, not ${this.#delays[index]}`,
        );
    });
    this.#check(same(JSON.parse(JSON.stringify(report)), report), 'the report is not JSON');
    void outcome;
  }

  #afterPlugin(outcome: Outcome): undefined {
    // A hook or a save that the end of the call has cut goes on.
    const skip = () => {
      while (['save-done', 'hook-done'].includes(this.#peek()?.what ?? '')) this.#i += 1;
    };
    skip();
    const done = this.#peek();
    let last = outcome;
    if (done?.what === 'outer-done') {
      this.#i += 1;
      last = done.outcome;
    }
    skip();
    const settle = this.#take('settle', undefined, true);
    this.#check(
      settle.outcome.ok === last.ok && settle.outcome.value === last.value,
      'the caller gets something else than the last interceptor gave',
    );
    skip();
    const left = this.#peek();
    if (left !== undefined) throw this.#broken(`${this.#describe(left)} comes after the end`);
  }

  // ---- the cursor

  hookShape(): {
    entry: Of<'hook'>;
    done: Of<'hook-done'>;
    end: Entry;
    isAborted: boolean;
    shown: Partial<RetryWait> | undefined;
  } {
    throw new Error('only for its type');
  }

  /** A hook must come now, with the state of the call; it may take its time, and an abort may cut it. */
  #hook(
    name: string,
    retryNumber: number | undefined,
    _seen: Outcome | undefined,
  ): ReturnType<Walk['hookShape']> {
    const entry = this.#take('hook', name);
    if (name === 'onGiveUp') this.#checkEndTime(entry);
    else this.#checkNow(entry, name);
    this.#now = entry.at;
    this.#state ??= entry.state;
    this.#check(this.#state === entry.state, `context.state is another object in ${name}`);
    if (retryNumber !== undefined)
      this.#check(
        entry.retryNumber === retryNumber,
        `retryNumber is ${entry.retryNumber} in ${name}, not ${retryNumber}`,
      );
    const next = this.#peek();
    const wait = entry.name === 'onRetry' ? (entry.arg as RetryWait) : undefined;
    const shown = wait && {
      retryNumber: wait.retryNumber,
      delay: wait.delay,
      dueAt: wait.dueAt,
      basis: wait.basis,
      maxRetries: wait.maxRetries,
      status: wait.status,
      method: wait.method,
    };
    if (next?.what === 'hook-done') {
      this.#i += 1;
      this.#now = next.at;
      const isAborted = this.#aborted(next.seq) && this.#endsCanceled(this.#peek());
      return { entry, done: next, end: next, isAborted, shown } as ReturnType<Walk['hookShape']>;
    }
    // The call ended while the hook was under way; its own end comes after the end of the call, or never.
    const at = this.#entries.indexOf(entry);
    const rest = this.#entries.findIndex(
      (one, index) => index > at && one.what === 'hook-done' && one.name === name,
    );
    const doneLater = rest < 0 ? undefined : (this.#entries[rest] as Of<'hook-done'>);
    if (rest >= 0) (this.#entries as Entry[]).splice(rest, 1);
    this.#now = next?.at ?? this.#now;
    return {
      entry,
      done: doneLater,
      end: next ?? entry,
      isAborted: true,
      shown,
    } as unknown as ReturnType<Walk['hookShape']>;
  }

  #endsCanceled(entry: Entry | undefined): boolean {
    return entry?.what === 'outcome' || (entry?.what === 'hook' && entry.name === 'onGiveUp');
  }

  #aborted(seq: number): boolean {
    return this.#outside.some((one) => one.what === 'abort' && one.seq < seq);
  }

  #peek(): Entry | undefined {
    return this.#entries[this.#i];
  }

  /** The next entry, which must be this one, and come at once unless it may take time. */
  #take<W extends Entry['what']>(what: W, which?: string, takesTime?: boolean): Of<W> {
    const entry = this.#peek();
    const name =
      entry && ('where' in entry ? entry.where : 'name' in entry ? entry.name : undefined);
    if (entry?.what !== what || (which !== undefined && name !== which))
      throw this.#broken(`${this.#describe(entry)} comes instead of ${what} ${which ?? ''}`);
    void takesTime;
    this.#i += 1;
    return entry as Of<W>;
  }

  #checkNow(entry: Entry, name: string): undefined {
    this.#check(entry.at === this.#now, `${name} comes at ${entry.at}, not at ${this.#now}`);
  }

  #outcomeReport(): RetryReport | undefined {
    const entry = this.#entries.slice(this.#i).find(({ what }) => what === 'outcome');
    return entry?.what === 'outcome' ? entry.report : undefined;
  }

  #describe(entry: Entry | undefined): string {
    if (entry === undefined) return 'nothing';
    if (entry.what === 'outcome')
      return `the outcome ${show(entry.outcome)}, ${entry.report?.gaveUp},`;
    return 'name' in entry ? `${entry.what} ${entry.name}` : entry.what;
  }

  #unexpected(what: string, expected: readonly Expected[]): string {
    return `${what} comes, but should be ${JSON.stringify(expected)}`;
  }

  #check(isTrue: boolean, text: string): undefined {
    if (!isTrue) throw this.#broken(text);
  }

  #broken(text: string): Broken {
    return new Broken(
      `call ${this.call.id} (${this.call.isFrom}), attempt ${this.#sends}: ${text}`,
    );
  }
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < Math.max(TOLERANCE_MS, a * 1e-12);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function show({ ok, value }: Outcome): string {
  const { name, message } = (value ?? {}) as Error;
  return ok ? `a response ${statusOf({ ok, value })}` : `${name}: ${message}`;
}

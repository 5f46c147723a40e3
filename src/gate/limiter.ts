import type { GateOutcome, RetryCall, RetryHost, RetryPlace } from '../core/extensions.js';
import type { Alarm, Alarms } from '../wait/monotonic-timers.js';
import type { WaitEnd } from '../wait/wait-list.js';
import { closingOf } from './closure.js';
import { StartWindow } from './concurrency-window.js';
import { RetryGateError } from './error.js';
import { Fifo } from './queue.js';
import type { Turnstile } from './queued-call.js';
import { Standing } from './queued-call.js';
import type { Grant, Pacer } from './rate-limiter.js';

/** What a key needs of its gate. */
export interface KeyHost {
  readonly alarms: Alarms;
  readonly startWith: number;
  readonly maxWaiting: number;
  /** What paces the key once it has been refused. */
  pacer(changed: () => void): Pacer;
}

/** A key that was refused and has no requests is remembered for so long (ms). */
const MEMORY = 60_000;

/** Leave to send that was not used for so long (ms) is not good any more. */
const LATE = 1000;

/** Closings that differ by less (ms) are shown as one: to show one goes through the whole line. */
const SAME = 100;

/** The requests to one key: how many are in flight, and the line of those that wait. */
export class GateKey implements Turnstile {
  readonly #line = new Fifo<Standing>();
  readonly #start: StartWindow;
  #pacer: Pacer;
  #grant: Grant | undefined;
  #asking = false;
  #alarm: Alarm | undefined;
  #inFlight = 0;
  #usedAt = 0;
  #shownUntil = Number.NEGATIVE_INFINITY;

  constructor(readonly host: KeyHost) {
    this.#start = new StartWindow(host.startWith);
    this.#pacer = this.#start;
  }

  /** Whether it has nothing to do and nothing to remember. */
  get idle(): boolean {
    if (this.#inFlight > 0 || this.#line.size > 0) return false;
    return this.#pacer === this.#start || this.stale;
  }

  /** Whether what it has learned is too old to go by. */
  get stale(): boolean {
    if (this.#pacer === this.#start || this.#inFlight > 0 || this.#line.size > 0) return false;
    return this.host.alarms.now() - Math.max(this.#usedAt, this.#pacer.closedUntil) > MEMORY;
  }

  get mayHurry(): boolean {
    return !this.#pacer.closed;
  }

  /** A place, if there is one now and nobody waits for it. */
  enter(call: RetryCall): RetryPlace | undefined {
    if (this.#line.size > 0) return undefined;
    const isFree = this.#pacer === this.#start ? this.#start.enter() : this.#take();
    return isFree ? this.#placeFor(call) : undefined;
  }

  hurry(call: RetryCall): RetryPlace {
    this.#pacer.hurried?.();
    return this.#placeFor(call);
  }

  /** @throws {RetryGateError} When too many wait already. */
  stand(call: RetryCall, host: RetryHost): Promise<RetryPlace | WaitEnd> {
    const { alarms, maxWaiting } = this.host;
    if (this.#line.size >= maxWaiting) {
      const message = `the gate takes maxWaiting (${maxWaiting}) waiting requests of a key, and has them`;
      throw new RetryGateError('ERR_GATE_FULL', message, call.next());
    }
    return new Promise((settle) => {
      const standing = new Standing(call, host, this, settle);
      const now = alarms.now();
      const at = Math.max(this.#pacer.closedUntil, now);
      this.#line.add(standing);
      standing.begin(alarms.onWall(at), at - now);
      if (at > now && !standing.over) standing.closed(alarms.onWall(at), at - now);
      this.#pump();
    });
  }

  left(): void {
    this.#line.drop();
    if (this.#line.size === 0) this.#pump();
  }

  /** A send has come back, or never went. */
  returned(epoch: number, call: RetryCall, outcome: GateOutcome): void {
    const now = this.host.alarms.now();
    this.#inFlight -= 1;
    this.#usedAt = now;
    const { status } = outcome;
    const closedFor = closingOf(call, outcome);
    if (closedFor !== undefined) this.#refused(now, epoch, closedFor);
    else if (status !== undefined && status < 500 && status !== 429) this.#pacer.passed(now, epoch);
    else this.#pacer.lost(now, epoch);
    if (this.#pacer === this.#start) this.#replace(now);
    else this.#pump();
  }

  /** Shows anew when it opens; the clock on the wall may have been set. */
  show(): void {
    const { alarms } = this.host;
    const { closedUntil } = this.#pacer;
    const closedFor = closedUntil - alarms.now();
    this.#shownUntil = closedUntil;
    if (closedFor <= 0) return;
    for (const standing of this.#line.all()) standing.closed(alarms.onWall(closedUntil), closedFor);
  }

  #refused(now: number, epoch: number, closedFor: number): void {
    const refusal = { epoch, closedFor };
    if (this.#pacer === this.#start) {
      this.#pacer = this.host.pacer(() => this.#learned());
      this.#pacer.refused(now, { ...refusal, ...this.#start.burst(now) });
    } else this.#pacer.refused(now, refusal);
    this.#grant = undefined;
    this.#showClosing();
  }

  #showClosing(): void {
    if (this.#pacer.closedUntil - this.#shownUntil >= SAME) this.show();
  }

  /** The pacer may have been told of a closing elsewhere, or of an opening. */
  #learned(): void {
    this.#showClosing();
    this.#pump();
  }

  /** Another goes in its place; who may go beside that waits for the answers that are here already. */
  #replace(now: number): void {
    if (this.#line.size === 0) return;
    const next = this.#line.first();
    if (next && this.#take()) {
      this.#line.take();
      next.admit(this.#placeFor(next.call));
    }
    if (this.#line.size > 0) this.#lookAgain(now);
    else this.host.alarms.clear(this.#alarm);
  }

  /** Lets in whoever may go now, and sees to it that somebody looks when the next one may. */
  #pump(): void {
    this.host.alarms.clear(this.#alarm);
    this.#alarm = undefined;
    for (let next = this.#line.first(); next; next = this.#line.first()) {
      if (!this.#take()) return;
      this.#line.take();
      next.admit(this.#placeFor(next.call));
    }
  }

  /** Takes leave for one send; else the line is looked at again when there may be some. */
  #take(): boolean {
    const now = this.host.alarms.now();
    let grant = this.#grant;
    if (!grant || grant.at < now - LATE || grant.epoch !== this.#pacer.epoch) {
      if (this.#asking) return false;
      const asked = this.#pacer.take(now, Math.max(this.#line.size, 1));
      if (asked instanceof Promise) {
        this.#await(asked);
        return false;
      }
      grant = asked;
    }
    const { sends, at, interval, epoch } = grant;
    if (sends === 0 || at > now) {
      this.#grant = sends === 0 ? undefined : grant;
      if (this.#line.size > 0) this.#lookAgain(at);
      return false;
    }
    this.#grant =
      sends === 1 ? undefined : { sends: sends - 1, at: at + interval, interval, epoch };
    return true;
  }

  #lookAgain(at: number): void {
    if (this.#alarm && !this.#alarm.over && this.#alarm.at <= at) return;
    this.host.alarms.clear(this.#alarm);
    this.#alarm = this.host.alarms.set(at, () => this.#pump());
  }

  #await(asked: Promise<Grant>): void {
    this.#asking = true;
    void asked.then((grant) => {
      this.#asking = false;
      this.#grant = grant;
      this.#learned();
    });
  }

  #placeFor(call: RetryCall): RetryPlace {
    const { epoch } = this.#pacer;
    this.#inFlight += 1;
    return { leave: (outcome) => this.returned(epoch, call, outcome) };
  }
}

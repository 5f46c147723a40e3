import { PACE, Pace } from '../gate/adaptive-rate.js';
import type { Grant, Pacer, Refusal } from '../gate/rate-limiter.js';
import type { Alarms } from '../wait/monotonic-timers.js';
import type { RedisLink } from './connection.js';
import { OwnRate } from './rate-meter.js';
import type { Reply } from './script.js';
import { writeQuestion } from './script.js';

/**
 * Paces a key by a state in Redis that all processes share; by one of its own while Redis is away.
 *
 * Its epochs are its own: they go up when Redis tells of another one, when something is refused here,
 * and when it changes between the two.
 */
export class RedisPacer implements Pacer {
  epoch = 0;
  closedUntil = Number.NEGATIVE_INFINITY;
  closed = true;
  /** Redis's epoch that ours stands for. */
  #shared = 0;
  #rate: number = PACE.slowStart;
  /** What has happened here and Redis does not know yet. */
  #passed = 0;
  #firsts = 0;
  #lost = false;
  /** Redis gives no leave before. */
  #askAt = Number.NEGATIVE_INFINITY;
  /** How often something was refused here; what Redis said before is out of date then. */
  #refusals = 0;
  readonly #ownRate = new OwnRate();
  /** Only while Redis is away. Its epoch 0 is our `#localFrom`. */
  #local: Pace | undefined;
  #localFrom = 0;

  constructor(
    readonly key: string,
    readonly link: RedisLink,
    readonly alarms: Alarms,
    /** To be called when something may be sent that could not be. */
    readonly changed: () => void,
  ) {}

  take(now: number, wanted: number): Grant | Promise<Grant> {
    if (this.link.mode === 'shared') {
      if (this.#local) this.#goShared(now);
      const { epoch } = this;
      if (this.#askAt > now) return { sends: 0, at: this.#askAt, interval: 0, epoch };
      return this.#takeShared(wanted);
    }
    void this.#knock();
    return this.#takeLocally(now);
  }

  passed(now: number, epoch: number): void {
    this.#ownRate.add(now);
    if (this.#local) this.#locally((local) => local.passed(now, epoch - this.#localFrom));
    else if (epoch !== this.epoch) this.#firsts += epoch === 0 ? 1 : 0;
    else {
      this.#passed += 1;
      // The probe is back; what else passed is told with the next question.
      if (this.closed) void this.#report();
    }
  }

  lost(now: number, epoch: number): void {
    if (this.#local) this.#locally((local) => local.lost(now, epoch - this.#localFrom));
    else if (epoch === this.epoch && this.closed) {
      this.#lost = true;
      void this.#report();
    }
  }

  refused(now: number, refusal: Refusal): void {
    this.closedUntil = Math.max(this.closedUntil, now + refusal.closedFor);
    if (this.#local) {
      const epoch = refusal.epoch - this.#localFrom;
      this.#locally((local) => local.refused(now, { ...refusal, epoch }));
      return;
    }
    const epoch = refusal.epoch === this.epoch ? this.#shared : -1;
    this.#refusals += 1;
    this.epoch += 1;
    this.closed = true;
    void this.#report({ ...refusal, epoch });
  }

  async #takeShared(wanted: number): Promise<Grant> {
    const before = this.#refusals;
    const reply = await this.#ask(wanted);
    const now = this.alarms.now();
    if (reply === undefined) return this.#takeLocally(now);
    const { epoch, closedUntil } = this;
    if (before !== this.#refusals) return { sends: 0, at: closedUntil, interval: 0, epoch };
    const { sends, delay, interval } = reply;
    const at = Math.max(now + delay, closedUntil);
    if (sends === 0) this.#askAt = at;
    return { sends, at, interval, epoch };
  }

  #takeLocally(now: number): Grant {
    this.#local ??= this.#goLocal(now);
    const grant = this.#local.take(now);
    return { ...grant, epoch: this.epoch };
  }

  /** Goes on as if alone, with no more than what was accepted of this process's own. */
  #goLocal(now: number): Pace {
    const local = new Pace();
    local.resume(now, {
      rate: this.#ownRate.at(now),
      closed: this.closed,
      until: this.closedUntil,
    });
    this.#localFrom = this.epoch + 1 - local.epoch;
    this.epoch += 1;
    return local;
  }

  #goShared(now: number): void {
    const closedFor = this.closedUntil - now;
    this.#local = undefined;
    this.#shared = -1;
    this.#passed = this.#firsts = 0;
    this.#lost = false;
    // Redis may not know of what was refused in the meantime.
    if (closedFor > 0) this.refused(now, { epoch: -1, closedFor });
  }

  #locally(act: (local: Pace) => void): void {
    const local = this.#local as Pace;
    act(local);
    this.epoch = this.#localFrom + local.epoch;
    this.closedUntil = local.closedUntil;
    this.closed = local.closed;
  }

  /** Tells Redis what has happened; that may let more be sent. */
  async #report(refusal?: Refusal): Promise<void> {
    await this.#ask(0, refusal);
    if (!refusal) this.#askAt = Number.NEGATIVE_INFINITY;
    this.changed();
  }

  /** Redis was away; when it is back, what waits is let ask it. */
  async #knock(): Promise<void> {
    const answer = await this.link.ask(this.key, this.#question(0), this.alarms);
    if (answer) this.changed();
  }

  async #ask(wanted: number, refusal?: Refusal): Promise<Reply | undefined> {
    const before = this.#refusals;
    const question = this.#question(wanted, refusal);
    this.#passed = this.#firsts = 0;
    this.#lost = false;
    const reply = await this.link.ask(this.key, question, this.alarms);
    if (reply === undefined || this.#local) return undefined;
    if (reply.epoch !== this.#shared) {
      this.#shared = reply.epoch;
      this.#passed = 0;
      this.epoch += 1;
    }
    this.#rate = reply.rate;
    if (before === this.#refusals) this.closed = reply.closed;
    if (reply.closedFor > 0) {
      this.closedUntil = Math.max(this.closedUntil, this.alarms.now() + reply.closedFor);
    }
    return reply;
  }

  #question(wanted: number, refusal?: Refusal): string[] {
    return writeQuestion({
      epoch: this.#shared,
      passed: this.#passed,
      firsts: this.#firsts,
      lost: this.#lost,
      refusal,
      wanted,
      rate: this.#rate,
      closedFor: Math.max(this.closedUntil - this.alarms.now(), 0),
    });
  }
}

// Runs a plan: instances, calls and a server on one clock. It records what happens and judges nothing.
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { AxiosInstance, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import axios from 'axios';
import type { Deferral, RetryTicket } from '../../src/deferral/index.js';
import type { Gate } from '../../src/gate/index.js';
import { createRetryBudget, createRetryThrottle } from '../../src/gate/index.js';
import { milliseconds, verdict } from '../../src/hints/index.js';
import type {
  RetryContext,
  RetryHandle,
  RetryOptions,
  RetryRequestOptions,
  RetryWait,
} from '../../src/index.js';
import { defineStatusTable, platformStatusTable, retryCount } from '../../src/index.js';
import { ModelClock, settle } from './clock.js';
import { hookDoes, interceptorDoes } from './doings.js';
import type { CallPlan, HookName, OptionsPlan, Plan, StepPlan } from './plan.js';
import { backoffOf, LAST_ANSWER, PASS } from './plan.js';
import { QuotaServer, readQuota } from './quota.js';
import type { CallRecord, Carry, Entry, EntryDetail, Outcome, Script } from './record.js';
import { ModelError, NO_CARRY } from './record.js';
import { play } from './server.js';
import type { Tools } from './tools.js';

export const BUCKET = { capacity: 30, refund: 1 };
export const THROTTLE = { maxTokens: 6, tokenRatio: 0.5 };
const MAX_TIMERS = 60_000;
/** A ticket for later than that is not resumed: the run would take long. */
const LONGEST_MS = 3 * 86_400_000;

export interface InstanceState {
  readonly index: number;
  readonly api: AxiosInstance;
  handle: RetryHandle;
  isAttached: boolean;
  readonly deferral: Deferral | undefined;
  token: string;
  outer: number[];
  readonly waits: Map<unknown, RetryWait>;
}

export class World {
  readonly clock = new ModelClock();
  readonly calls: CallRecord[] = [];
  readonly scripts: Script[] = [];
  readonly instances: InstanceState[] = [];
  readonly gate: Gate;
  readonly server: QuotaServer | undefined;
  /** What no record of a call shows. */
  readonly problems: string[] = [];
  readonly unresumed: { ticket: RetryTicket; script: Script }[] = [];
  readonly counts = { tickets: 0, resumed: 0, suspended: 0 };
  readonly #orphans: { outcome: Outcome; detail: EntryDetail }[] = [];
  #seq = 0;
  #open = 0;
  /** What is silent or hangs, until the end. */
  readonly #hanging: (() => void)[] = [];

  constructor(
    readonly plan: Plan,
    readonly tools: Tools,
  ) {
    const { gate } = plan;
    this.server = gate.quota && new QuotaServer(gate.quota.limit, gate.quota.windowMs);
    this.gate = tools.createGate({
      initialConcurrency: gate.initialConcurrency,
      maxConcurrency: gate.maxConcurrency,
      maxQueued: gate.maxQueued,
      ...(gate.maxRate && { maxRate: gate.maxRate }),
      ...(gate.quota && { quotas: readQuota }),
      ...(gate.priority && {
        priority: (config: AxiosRequestConfig) => this.scriptOf(config)?.plan.priority ?? 0,
      }),
    });
    plan.instances.forEach((_, index) => void this.instances.push(this.#createInstance(index)));
  }

  async run(): Promise<void> {
    for (const step of this.plan.steps) {
      this.#do(step);
      await settle();
      this.#look();
      if (step.do === 'pass') await this.clock.pass(step.ms, () => this.#look());
    }
    await this.#finish();
  }

  log(call: CallRecord, detail: EntryDetail): undefined {
    this.#seq += 1;
    const { elapsed: at, wall } = this.clock;
    call.entries.push({ ...detail, seq: this.#seq, at, wall } as Entry);
  }

  /** Runs `then` so many milliseconds later, or at the end of the run. */
  later(ms: number, then: () => void): undefined {
    if (ms === Infinity) this.#hanging.push(then);
    else this.clock.after(ms, then);
  }

  scriptOf(config: { url?: string | undefined } | undefined): Script | undefined {
    const id = /\/c(\d+)/.exec(config?.url ?? '')?.[1];
    return id === undefined ? undefined : this.scripts[Number(id)];
  }

  // ---- building

  #createInstance(index: number): InstanceState {
    const plan = this.plan.instances[index];
    if (!plan) throw new Error('no such instance');
    const api = axios.create({
      ...(plan.clarifyTimeout && { transitional: { clarifyTimeoutError: true } }),
      headers: { common: { 'X-Token': 't0' } },
      adapter: (config: InternalAxiosRequestConfig) => this.#send(config),
      baseURL: 'https://a.example',
    } as unknown as AxiosRequestConfig);
    this.tools.prepare?.(api);
    const deferral =
      plan.deferral === 'none'
        ? undefined
        : this.tools.createDeferral({
            save: (ticket) => this.#save(index, ticket),
            origins: ['https://b.example'],
          });
    const state = {
      index,
      api,
      deferral,
      isAttached: true,
      token: 't0',
      outer: [],
      waits: new Map(),
    };
    const instance = state as unknown as InstanceState;
    this.#addInterceptors(instance);
    instance.handle = this.#attach(instance);
    api.interceptors.request.use((config) => interceptorDoes(this, config, 'late'));
    this.#addOuter(instance);
    return instance;
  }

  #addInterceptors({ api }: InstanceState): undefined {
    api.interceptors.request.use((config) => interceptorDoes(this, config, 'early'));
    const inner = (outcome: Outcome) => {
      const script = this.#scriptOfOutcome(outcome);
      const call = script?.current;
      if (!script || !call) return pass(outcome);
      this.log(call, { what: 'inner', outcome });
      const { act, hold } = script.plan.inner[script.sends - 1] ?? PASS;
      return this.#respond(outcome, act, hold, (result) =>
        this.log(call, { what: 'inner-done', outcome: result, act }),
      );
    };
    api.interceptors.response.use(
      (value) => inner({ ok: true, value }) as never,
      (value) => inner({ ok: false, value }),
    );
  }

  /** After the plugin: one that only looks, and one that does what the plan says. */
  #addOuter(instance: InstanceState): undefined {
    const { api } = instance;
    for (const id of instance.outer) api.interceptors.response.eject(id);
    const look = (outcome: Outcome) => {
      const report = this.tools.retryReport(outcome.value);
      const detail: EntryDetail = { what: 'outcome', outcome, report };
      const call = this.#scriptOfOutcome(outcome)?.current;
      if (call) this.log(call, detail);
      else this.#orphans.push({ outcome, detail });
      return pass(outcome);
    };
    const act = (outcome: Outcome) => {
      const script = this.#scriptOfOutcome(outcome);
      const call = script?.current;
      if (!script || !call) return pass(outcome);
      const plan = call.plan.outer;
      const error = outcome.value as {
        config?: InternalAxiosRequestConfig;
        response?: { status: number };
      };
      const isRefused = !outcome.ok && error.response?.status === 401 && error.config;
      if (plan.act === 'refresh' && isRefused && call.isFrom === 'caller')
        return this.#refresh(instance, script, isRefused);
      return this.#respond(outcome, plan.act, plan.hold, (result) =>
        this.log(call, { what: 'outer-done', outcome: result, act: plan.act }),
      );
    };
    instance.outer = [look, act].map((run) =>
      api.interceptors.response.use(
        (value) => run({ ok: true, value }) as never,
        (value) => run({ ok: false, value }),
      ),
    );
  }

  #refresh(instance: InstanceState, script: Script, config: InternalAxiosRequestConfig) {
    const parent = script.current;
    const sends = parent.entries.filter(({ what }) => what === 'send').length;
    const first = parent.entries.find(({ what }) => what === 'send');
    // A request that is sent again after its time was over has that time anew: the contract is silent.
    const isAnew = parent.entries.some(
      (one) => one.what === 'outcome' && one.report?.gaveUp === 'total-timeout',
    );
    const carry: Carry = {
      retries: parent.carry.retries + Math.max(sends - 1, 0),
      wasSent: true,
      firstSentAt: parent.carry.firstSentAt ?? first?.wall,
      firstBegunAt: parent.carry.firstBegunAt ?? parent.entries[0]?.wall,
      attempts: parent.carry.attempts + sends,
      notBefore: undefined,
      key: undefined,
      previousDelay: undefined,
    };
    const child = this.#record(script, 'interceptor', isAnew ? NO_CARRY : carry);
    if (script.controller?.signal.aborted || script.source?.token.reason)
      this.log(child, { what: 'abort' });
    const result = this.#follow(child, () => instance.api.request(config));
    const done = (outcome: Outcome) => {
      this.log(parent, { what: 'outer-done', outcome, act: 'refresh', child });
      script.current = parent;
      return pass(outcome);
    };
    return result.then(
      (value) => done({ ok: true, value }),
      (value) => done({ ok: false, value }),
    );
  }

  #attach(instance: InstanceState): RetryHandle {
    const plan = this.plan.instances[instance.index];
    if (!plan) throw new Error('no such instance');
    const hook = (name: HookName) => (arg: unknown, context: RetryContext) =>
      hookDoes(this, name, arg, context) as never;
    const hooks = plan.hooks && {
      decide: hook('decide'),
      onRetry: hook('onRetry'),
      beforeRetry: hook('beforeRetry'),
      onGiveUp: hook('onGiveUp'),
    };
    const budget =
      plan.budget === 'bucket' ? createRetryBudget(BUCKET) : createRetryThrottle(THROTTLE);
    const options: RetryOptions = {
      ...optionsOf(plan.options),
      ...hooks,
      clock: this.clock.plugin,
      random: () => plan.random,
      ...(plan.gated && { gate: this.gate }),
      ...(plan.budget !== 'none' && { budget }),
      ...(instance.deferral && { deferral: instance.deferral }),
    };
    return this.tools.attachRetry(instance.api, options);
  }

  // ---- steps

  #do(step: StepPlan): undefined {
    if (step.do === 'pass') return;
    if (step.do === 'wall') {
      this.clock.set(step.how, step.ms);
      return;
    }
    if (step.do === 'send') return this.#call(step.call);
    const instance = at(this.instances, step.pick);
    if (step.do === 'abort') return this.abort(at(this.scripts, step.pick));
    if (step.do === 'cancel' || step.do === 'retry-now') {
      const waits = this.instances.flatMap(({ handle }) => [...handle.waits]);
      const wait = at(waits, step.pick);
      if (wait) this.act(step.do, wait);
      return;
    }
    if (step.do === 'resume') return this.#resume(step.pick);
    if (instance === undefined) return;
    if (step.do === 'token') {
      instance.token = `t${this.#seq}`;
      instance.api.defaults.headers.common['X-Token'] = instance.token;
    } else if (step.do === 'detach') {
      this.#uproot(instance);
      instance.handle.detach();
      instance.isAttached = false;
    } else if (step.do === 'attach' && instance.deferral === undefined) {
      this.#uproot(instance);
      instance.handle = this.#attach(instance);
      instance.isAttached = true;
      this.#addOuter(instance);
    } else if (step.do === 'suspend' || step.do === 'drain') this.#suspend(instance, step.do);
  }

  abort(script: Script | undefined): undefined {
    if (script === undefined || (!script.controller && !script.source)) return;
    // A ticket has no signal.
    for (const call of this.#callsOf(script))
      if (call.isFrom !== 'ticket') this.log(call, { what: 'abort' });
    script.controller?.abort();
    script.source?.cancel();
  }

  act(what: 'cancel' | 'retry-now', wait: RetryWait): undefined {
    const script = this.scriptOf(wait);
    if (script) this.log(script.current, { what });
    if (what === 'cancel') wait.cancel();
    else wait.retryNow();
  }

  #callsOf(script: Script): CallRecord[] {
    return this.calls.filter(({ id, isSettled }) => id === script.id && !isSettled);
  }

  #uproot({ index }: InstanceState): undefined {
    for (const script of this.scripts)
      if (script.plan.instance % this.instances.length === index)
        for (const call of this.#callsOf(script)) {
          call.isUprooted = true;
          this.log(call, { what: 'detach' });
        }
  }

  #suspend(instance: InstanceState, how: 'suspend' | 'drain'): undefined {
    const { deferral } = instance;
    if (!deferral) return;
    const plan = this.plan.instances[instance.index];
    if (how === 'drain' && plan?.deferral !== 'saves') return;
    this.counts.suspended += 1;
    for (const wait of instance.handle.waits) {
      const script = this.scriptOf(wait);
      if (script) this.log(script.current, { what: 'suspend' });
    }
    // A drain calls `save` for each ticket itself.
    const tickets = how === 'drain' ? deferral.drain(Promise.resolve()) : deferral.suspend();
    tickets.then(
      (all) => {
        if (how === 'suspend') for (const ticket of all) this.#keep(ticket);
      },
      (error) => this.problems.push(`${how} failed: ${error}`),
    );
  }

  #keep(ticket: RetryTicket): undefined {
    this.counts.tickets += 1;
    const script = this.scriptOf(ticket);
    const written: RetryTicket = JSON.parse(JSON.stringify(ticket));
    if (script) this.unresumed.push({ ticket: written, script });
    else this.problems.push(`a ticket of nobody: ${JSON.stringify(ticket)}`);
  }

  #save(index: number, ticket: RetryTicket): void | Promise<void> {
    const script = this.scriptOf(ticket);
    const how = this.plan.instances[index]?.deferral;
    const call = script?.current;
    if (!call) return;
    this.log(call, { what: 'save', ticket });
    const done = () => {
      this.log(call, { what: 'save-done' });
      this.#keep(ticket);
    };
    if (how === 'saves') return done();
    if (how === 'fails') {
      const thrown = new ModelError('save failed', script.id);
      this.log(call, { what: 'save-done', thrown });
      throw thrown;
    }
    return new Promise<void>((resolve) =>
      this.later(how === 'hangs' ? Infinity : 60, () => {
        done();
        resolve();
      }),
    );
  }

  // ---- calls

  #record(script: Script, isFrom: CallRecord['isFrom'], carry: Carry): CallRecord {
    const index = script.plan.instance % this.instances.length;
    const instance = this.plan.instances[index];
    const state = this.instances[index];
    if (!instance || !state) throw new Error('no such instance');
    const { retry } = script.plan;
    const own = typeof retry === 'object' && isFrom !== 'ticket' ? retry : {};
    const isOn = state.isAttached && (retry !== false || isFrom === 'ticket');
    const { changes, isStanding: wasStanding } = this.clock;
    const call: CallRecord = {
      id: script.id,
      plan: script.plan,
      instance,
      options: { ...instance.options, ...own },
      isOn,
      isGated: instance.gated && isOn,
      isFrom,
      carry,
      entries: [],
      body: script.body,
      isConfigSame: true,
      isSettled: false,
      changes: [changes, changes],
      wasStanding,
      isUprooted: false,
    };
    script.current = call;
    this.calls.push(call);
    return call;
  }

  #call(plan: CallPlan): undefined {
    const instance = this.instances[plan.instance % this.instances.length];
    if (!instance) return;
    const id = this.scripts.length;
    const body = bodyOf(plan.body);
    const controller = plan.abortable === 'signal' ? new AbortController() : undefined;
    const source = plan.abortable === 'token' ? axios.CancelToken.source() : undefined;
    const hookCalls = { decide: 0, onRetry: 0, beforeRetry: 0, onGiveUp: 0 };
    const script = { id, plan, body, controller, source, sends: 0, hookCalls } as unknown as Script;
    this.scripts.push(script);
    const call = this.#record(script, 'caller', NO_CARRY);
    if (plan.abortedBefore) this.abort(script);
    const retry = plan.retry === 'wrong' ? { maxRetries: -1 } : plan.retry;
    const config: AxiosRequestConfig = {
      url: `https://${plan.origin}.example/c${id}`,
      method: plan.method,
      params: { q: '1' },
      headers: { 'X-Mine': 'yes', ...(plan.ownKey && { 'Idempotency-Key': 'mine' }) },
      ...(body !== undefined && { data: body }),
      ...(plan.timeout > 0 && { timeout: plan.timeout }),
      ...(plan.validate === 'all' && { validateStatus: () => true }),
      ...(plan.validate === 'only-200' && { validateStatus: (status: number) => status === 200 }),
      ...(controller && { signal: controller.signal }),
      ...(source && { cancelToken: source.token }),
      ...(retry !== undefined && { retry: retry && (optionsOf(retry) as RetryRequestOptions) }),
    };
    const before = pictureOf(config);
    const result = this.#follow(call, () => instance.api.request(config));
    const compare = () => {
      if (pictureOf(config) !== before || config.data !== body) call.isConfigSame = false;
    };
    result.then(compare, compare);
  }

  #resume(pick: number): undefined {
    const index = this.unresumed.length === 0 ? -1 : pick % this.unresumed.length;
    const [one] = index < 0 ? [] : this.unresumed.splice(index, 1);
    if (!one) return;
    const { ticket, script } = one;
    const instance = this.instances[script.plan.instance % this.instances.length];
    if (!instance?.deferral || !instance.isAttached) return;
    if (ticket.notBefore > this.clock.wall + LONGEST_MS) return;
    // What the first call is told comes before: the records would mix.
    if (!script.current.isSettled) return;
    this.counts.resumed += 1;
    const call = this.#record(script, 'ticket', {
      retries: ticket.retries,
      wasSent: ticket.sent,
      firstSentAt: ticket.firstSentAt,
      attempts: ticket.attempts?.length ?? 0,
      notBefore: ticket.notBefore,
      key: ticket.idempotencyKey,
      previousDelay: ticket.attempts?.at(-1)?.delay,
    });
    const { deferral } = instance;
    this.#follow(call, () => deferral.resume(ticket)).then(undefined, () => undefined);
  }

  #follow(call: CallRecord, begin: () => Promise<unknown>): Promise<unknown> {
    this.log(call, { what: 'start' });
    this.#open += 1;
    const end = (outcome: Outcome) => {
      const orphan = this.#orphans.find((one) => one.outcome.value === outcome.value);
      if (orphan && !call.entries.some(({ what }) => what === 'outcome'))
        this.log(call, orphan.detail);
      this.log(call, { what: 'settle', outcome });
      call.changes = [call.changes[0], this.clock.changes];
      call.isSettled = true;
      this.#open -= 1;
    };
    const result = begin();
    result.then(
      (value) => end({ ok: true, value }),
      (value) => end({ ok: false, value }),
    );
    return result;
  }

  #send(config: InternalAxiosRequestConfig) {
    const script = this.scriptOf(config);
    if (!script) throw new Error(`a request of nobody: ${config.url}`);
    const call = script.current;
    const { plan } = script;
    const answer = plan.answers[script.sends] ?? LAST_ANSWER;
    script.sends += 1;
    const header = (name: string) => {
      const value = config.headers.get(name);
      return typeof value === 'string' ? value : undefined;
    };
    this.log(call, {
      what: 'send',
      sent: {
        retryCount: retryCount(config),
        data: config.data,
        key: header('Idempotency-Key'),
        token: header('X-Token'),
        marks: header('X-Mark') ?? '',
        edit: header('X-Edit'),
        method: (config.method ?? '').toUpperCase(),
      },
    });
    const quota = call.isGated
      ? this.server?.take(plan.origin, this.clock.elapsed, call)
      : undefined;
    const told = answer.kind === 'status' && quota?.isRefused ? REFUSED(quota.waitMs) : answer;
    const { promise, release } = play(
      config,
      told,
      this.clock,
      () => quota?.headers() ?? {},
      (ending) => {
        quota?.ended(ending.kind === 'status');
        const index = plan.instance % this.instances.length;
        const token = this.instances[index]?.token;
        this.log(call, { what: 'answer', ...ending, token });
      },
    );
    if (answer.kind === 'silence') this.#hanging.push(release);
    return promise;
  }

  #respond(outcome: Outcome, act: string, hold: number, done: (result: Outcome) => void) {
    const callId = this.#scriptOfOutcome(outcome)?.id ?? -1;
    const finish = () => {
      let result = outcome;
      if (act === 'throw') result = { ok: false, value: new ModelError('interceptor', callId) };
      if (act === 'swallow' && !outcome.ok)
        result = { ok: true, value: { callId, swallowed: true } };
      if (act === 'data' && outcome.ok)
        result = { ok: true, value: { callId, data: outcome.value } };
      done(result);
      return pass(result);
    };
    if (hold === 0) return finish();
    return new Promise((resolve) => this.later(hold, () => resolve(undefined))).then(finish);
  }

  #scriptOfOutcome({ value }: Outcome): Script | undefined {
    const seen = (value ?? {}) as {
      config?: { url?: string };
      callId?: number;
      cause?: unknown;
      ticket?: { url?: string };
    };
    if (seen.callId !== undefined) return this.scripts[seen.callId];
    const found = this.scriptOf(seen.config) ?? this.scriptOf(seen.ticket);
    return (
      found ?? (seen.cause ? this.#scriptOfOutcome({ ok: false, value: seen.cause }) : undefined)
    );
  }

  /** Notes the waits that begin and end. */
  #look(): undefined {
    for (const { handle, waits } of this.instances) {
      const now = new Set<unknown>();
      for (const wait of handle.waits) {
        now.add(wait.id);
        if (waits.has(wait.id)) continue;
        waits.set(wait.id, wait);
        const script = this.scriptOf(wait);
        const { id, method, url, status, retryNumber, maxRetries, delay, dueAt, basis } = wait;
        const fields = { id, method, url, status, retryNumber, maxRetries, delay, dueAt, basis };
        if (script) this.log(script.current, { what: 'wait', wait: fields });
        else this.problems.push(`a wait of nobody: ${url}`);
      }
      for (const [id, wait] of waits) {
        if (now.has(id)) continue;
        waits.delete(id);
        const script = this.scriptOf(wait);
        if (script) this.log(script.current, { what: 'wait-gone', id });
      }
    }
  }

  // ---- the end

  async #finish(): Promise<void> {
    const look = () => this.#look();
    let timers = 0;
    for (let round = 0; round < 60 && this.#open > 0; round += 1) {
      while (this.#open > 0 && timers < MAX_TIMERS && (await this.clock.next(Infinity, look)))
        timers += 1;
      if (this.#open === 0) break;
      if (this.#hanging.length === 0) break;
      for (const release of this.#hanging.splice(0)) release();
      await settle();
      look();
    }
    if (timers === MAX_TIMERS) this.problems.push('the timers never end');
    for (const call of this.calls)
      if (!call.isSettled) this.problems.push(`call ${call.id} never settles`);
    for (const release of this.#hanging.splice(0)) release();
    await settle();
    await this.#checkLeftovers(look);
  }

  async #checkLeftovers(look: () => void): Promise<void> {
    const { problems, clock } = this;
    const isAtGate = this.plan.instances.some(({ gated }) => gated);
    for (const { handle, index } of this.instances)
      if (handle.waits.length > 0) problems.push(`instance ${index} still has waits`);
    if (!isAtGate && clock.pluginTimers > 0)
      problems.push(`${clock.pluginTimers} timers are left when all calls have settled`);
    for (const state of this.gate.inspect())
      if (state.inFlight > 0 || state.queued > 0)
        problems.push(`the gate still has ${state.inFlight} in flight, ${state.queued} queued`);
    for (const { id, controller, source } of this.scripts) {
      const count = controller ? getEventListeners(controller.signal, 'abort').length : 0;
      const { _listeners } = (source?.token ?? {}) as { _listeners?: unknown[] | null };
      if (count > 0 || (_listeners?.length ?? 0) > 0)
        problems.push(`call ${id} left ${count || _listeners?.length} abort listeners`);
    }
    const holding = this.instances.flatMap(({ deferral }) =>
      deferral ? [deferral.suspend()] : [],
    );
    let isDone = false;
    void Promise.all(holding).then((all) => {
      if (all.flat().length > 0) problems.push(`a deferral still holds ${all.flat().length} waits`);
      isDone = true;
    });
    await settle();
    // A save may be under way whose request was cancelled meanwhile.
    for (let n = 0; n < 500 && (clock.pluginTimers > 0 || !isDone); n += 1)
      await clock.next(Infinity, look);
    if (!isDone) problems.push('a deferral cannot be suspended at the end');
    if (clock.pluginTimers > 0) problems.push(`${clock.pluginTimers} timers are left for ever`);
  }
}

const REFUSED = (waitMs: number) => ({
  ...LAST_ANSWER,
  status: 429,
  retryAfter: { form: 'seconds' as const, seconds: [Math.ceil(waitMs / 1000)] },
});

function pass({ ok, value }: Outcome): unknown {
  return ok ? value : Promise.reject(value);
}

function at<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(all.length, 1)];
}

function bodyOf(body: CallPlan['body']): unknown {
  if (body === 'object') return { item: 'tea' };
  if (body === 'text') return 'plain text';
  if (body === 'stream') return Readable.from(['once']);
  if (body === 'form') {
    const form = new FormData();
    form.append('item', 'tea');
    return form;
  }
  return undefined;
}

function pictureOf({ headers, params, retry, ...rest }: AxiosRequestConfig): string {
  const values = Object.entries(rest).map(([key, value]) =>
    typeof value === 'object' || typeof value === 'function' ? key : `${key}=${value}`,
  );
  return JSON.stringify([values, headers, params, Object.keys(retry || {})]);
}

const tables = new WeakMap<object, RetryOptions['table']>();

function optionsOf(plan: OptionsPlan & { maxRetries?: number }): RetryOptions {
  const { table, backoff, hints, methods, ...rest } = plan;
  if (table && !tables.has(table)) {
    const rows = table.rows.map(({ backoffMs, ...row }) => ({
      ...row,
      ...(backoffMs !== undefined && { backoff: () => backoffMs }),
    }));
    const base = table.extendsPlatform ? { extends: platformStatusTable } : {};
    tables.set(table, defineStatusTable(rows, base));
  }
  const run = backoffOf(backoff);
  const defined = table && tables.get(table);
  return {
    ...rest,
    ...(defined && { table: defined }),
    ...(backoff && { backoff: (n, { previousDelay }) => run(n, previousDelay) }),
    ...(hints && { hints: [milliseconds('x-wait-ms'), verdict('x-should-retry')] }),
    ...(methods && { methods: [...methods] }),
  };
}

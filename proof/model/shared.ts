// What holds across the calls of a run: closings, limits and quotas of a gate, and budgets.
import { hintOf } from './decision.js';
import type { CallRecord, Entry } from './record.js';
import { statusOf } from './record.js';
import type { Walked } from './walk.js';
import type { World } from './world.js';
import { BUCKET, THROTTLE } from './world.js';

/** docs/guides/many-requests.md: without an answer for 5 minutes, what is in flight counts as lost. */
const LEASE_MS = 290_000;
const CLOSES = new Set([429, 503, 529]);

/** An attempt of a gated call: when it was let through, sent and answered. */
interface Pass {
  readonly call: CallRecord;
  readonly granted: Entry;
  readonly sent: Entry;
  readonly endedAt: number;
}

export interface SharedFigures {
  closings: number;
  rates: number;
  budgets: number;
}

export function checkShared(
  world: World,
  walked: ReadonlyMap<CallRecord, Walked>,
  figures: SharedFigures,
): string[] {
  const problems: string[] = [];
  const { gate, steps } = world.plan;
  const isReplaced = steps.some((step) => step.do === 'attach');
  for (const origin of ['a', 'b'] as const) {
    const calls = world.calls.filter(({ plan, isGated }) => isGated && plan.origin === origin);
    const passes = calls.flatMap(passesOf).sort((a, b) => a.sent.seq - b.sent.seq);
    if (!isReplaced) problems.push(...checkClosings(calls, passes, figures));
    problems.push(...checkConcurrency(passes, gate.maxConcurrency));
    // Once let through, a request may be held by a hook or an interceptor, and retryNow passes the line.
    if (gate.maxRate && !isReplaced && !calls.some(isHeldOrPushed)) {
      figures.rates += passes.length;
      problems.push(...checkRate(passes, gate.maxRate));
    }
  }
  const { server } = world;
  if (server && !isReplaced && !world.calls.some(isHeldOrPushed))
    for (const { call, at } of server.broken)
      problems.push(`call ${call.id} is sent at ${at} although its quota is used up`);
  if (!isReplaced)
    for (const { index } of world.instances)
      problems.push(...checkBudget(world, index, walked, figures));
  return problems;
}

function passesOf(call: CallRecord): Pass[] {
  const passes: Pass[] = [];
  let late: Entry | undefined;
  let early: Entry | undefined;
  call.entries.forEach((entry) => {
    if (entry.what === 'request') {
      if (entry.where === 'late') late = entry;
      else early = entry;
    }
    if (entry.what !== 'send') return;
    const ended = call.entries.find((one) => one.what === 'answer' && one.seq > entry.seq);
    // The gate stands between the interceptors at a first send, before both at a retry.
    const granted = (passes.length === 0 ? early : late) ?? entry;
    passes.push({ call, granted, sent: entry, endedAt: ended?.at ?? Infinity });
  });
  return passes;
}

function isHeldOrPushed({ plan, entries, isUprooted }: CallRecord): boolean {
  return (
    isUprooted ||
    [...plan.late, ...plan.early].some(({ hold }) => hold > 0) ||
    plan.hooks.beforeRetry.some(({ after }) => after > 0) ||
    entries.some(({ what }) => what === 'retry-now')
  );
}

function checkClosings(
  calls: readonly CallRecord[],
  passes: readonly Pass[],
  figures: SharedFigures,
): string[] {
  const problems: string[] = [];
  for (const call of calls)
    for (const [index, entry] of call.entries.entries()) {
      if (entry.what !== 'answer' || entry.kind !== 'status' || entry.outcome.ok) continue;
      const status = statusOf(entry.outcome);
      const heard = call.entries.slice(index).find(({ what }) => what === 'inner-done');
      const isHeard = heard?.what === 'inner-done' && heard.outcome.value === entry.outcome.value;
      if (status === undefined || !CLOSES.has(status) || !isHeard || call.isUprooted) continue;
      const { retryAfter } = entry.told;
      const told = { status, isResolved: false, told: entry.told } as Parameters<typeof hintOf>[1];
      const ms = retryAfter && ('ms' in retryAfter ? retryAfter.ms : retryAfter.at - entry.wall);
      const until = entry.at + Math.max(ms ?? 0, hintOf(call, told).delay ?? 0);
      if (until <= heard.at) continue;
      figures.closings += 1;
      const next = call.entries.find(({ seq }) => seq > heard.seq);
      if (!next) continue;
      for (const pass of passes)
        if (pass.granted.seq > next.seq && pass.granted.at < until - 1 && !isPassed(call, heard.at))
          problems.push(
            `call ${pass.call.id} is let through at ${pass.granted.at}, though call ${call.id} closed the gate until ${until}`,
          );
    }
  return problems;
}

/** An answer that an abort or `totalTimeout` overtook may not count. */
function isPassed(call: CallRecord, at: number): boolean {
  return (
    call.entries.some((one) => one.what === 'abort' && one.at <= at) ||
    call.options.totalTimeout !== undefined
  );
}

function checkConcurrency(passes: readonly Pass[], limit: number): string[] {
  for (const { sent, call } of passes) {
    // retryNow leads past the line: the contract does not say whether past this limit too.
    if (passes.some((one) => one.call.entries.some(({ what }) => what === 'retry-now'))) return [];
    const inFlight = passes.filter(
      (one) =>
        one.sent.seq <= sent.seq && one.endedAt > sent.at && sent.at - one.sent.at < LEASE_MS,
    );
    if (inFlight.length > limit)
      return [`${inFlight.length} are in flight when call ${call.id} is sent, not ${limit}`];
  }
  return [];
}

function checkRate(
  passes: readonly Pass[],
  { requests, per }: { readonly requests: number; readonly per: number },
): string[] {
  for (const [index, { sent }] of passes.entries()) {
    const former = passes[index - requests];
    if (former && sent.at - former.sent.at < per - 1)
      return [`${requests + 1} are sent within ${sent.at - former.sent.at} ms, not ${per}`];
  }
  return [];
}

/** Replays the budget of an instance: a retry is refused exactly when too few tokens are left. */
function checkBudget(
  world: World,
  index: number,
  walked: ReadonlyMap<CallRecord, Walked>,
  figures: SharedFigures,
): string[] {
  const plan = world.plan.instances[index];
  if (!plan || plan.budget === 'none' || plan.gated) return [];
  const calls = world.calls.filter(
    (call) => call.plan.instance % world.instances.length === index && call.isOn,
  );
  // What an interceptor makes of an answer, or a cut, may or may not count as a success.
  const isClear = calls.every(
    ({ plan: { inner, hooks }, entries, isUprooted }) =>
      !isUprooted &&
      inner.every(({ act, hold }) => act === 'ok' && hold === 0) &&
      hooks.decide.every(({ act }) => act !== 'stop') &&
      !entries.some(({ what }) => ['abort', 'cancel', 'suspend'].includes(what)),
  );
  if (!isClear) return [];
  for (const origin of ['a', 'b'] as const) {
    const own = calls.filter((call) => call.plan.origin === origin);
    if (own.some((call) => !walked.has(call) || call.options.totalTimeout !== undefined)) return [];
    const events = own
      .flatMap((call) => {
        const { retriesDecided, succeededAt } = walked.get(call) as Walked;
        return [
          ...retriesDecided.map((one) => ({ ...one, call, isSuccess: false })),
          ...(succeededAt ? [{ ...succeededAt, call, isSuccess: true }] : []),
        ];
      })
      .sort((a, b) => a.seq - b.seq);
    const isBucket = plan.budget === 'bucket';
    const capacity = isBucket ? BUCKET.capacity : THROTTLE.maxTokens;
    let tokens = capacity;
    const taken = new Map<CallRecord, number>();
    for (const event of events) {
      const { call, isSuccess } = event;
      if (isSuccess) {
        const refund = isBucket ? (taken.get(call) ?? BUCKET.refund) : THROTTLE.tokenRatio;
        tokens = Math.min(tokens + refund, capacity);
        continue;
      }
      figures.budgets += 1;
      const { status, wasRefused } = event as Walked['retriesDecided'][number];
      const cost = isBucket ? (status === 429 || status === 529 ? 5 : 14) : 1;
      const mustRefuse = isBucket ? tokens < cost : tokens - cost <= THROTTLE.maxTokens / 2;
      if (mustRefuse !== wasRefused)
        return [
          `call ${call.id}: with ${tokens} tokens the budget ${wasRefused ? 'refuses' : 'allows'} a retry`,
        ];
      if (!isBucket || !mustRefuse) tokens = Math.max(tokens - cost, 0);
      if (!mustRefuse) taken.set(call, cost);
    }
  }
  return [];
}

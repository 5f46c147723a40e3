// The played server: an Axios adapter that answers as the plan says, on the clock of the run.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, CanceledError } from 'axios';
import type { ModelClock } from './clock.js';
import type { AnswerPlan, RetryAfterPlan } from './plan.js';
import type { Outcome, Told } from './record.js';

const AHEAD_MS = 3_600_000;
const SECOND = 1000;

export type Ending = {
  readonly kind: 'status' | 'network' | 'aborted' | 'timeout';
  readonly told: Told;
  readonly outcome: Outcome;
};

/** Sends the request; `ended` hears how it ended before the plugin does. `release` answers one that is silent. */
export function play(
  config: InternalAxiosRequestConfig,
  plan: AnswerPlan,
  clock: ModelClock,
  extra: () => Record<string, string>,
  ended: (ending: Ending) => void,
): { promise: Promise<AxiosResponse>; release: () => void } {
  let release: () => void = () => undefined;
  const promise = new Promise<AxiosResponse>((resolve, reject) => {
    let isOver = false;
    const { signal, cancelToken } = config;
    function end(kind: Ending['kind'], told: Told, outcome: Outcome): undefined {
      if (isOver) return;
      isOver = true;
      signal?.removeEventListener?.('abort', onAbort);
      cancelToken?.unsubscribe(onAbort);
      ended({ kind, told, outcome });
      if (outcome.ok) resolve(outcome.value as AxiosResponse);
      else reject(outcome.value);
    }
    const nothing: Told = { plan, retryAfter: undefined };
    function onAbort(): undefined {
      end('aborted', nothing, { ok: false, value: new CanceledError(undefined, config) });
    }
    function fail(kind: 'network' | 'timeout', code: string): undefined {
      end(kind, nothing, { ok: false, value: new AxiosError(`played ${code}`, code, config, {}) });
    }
    function answer(given: AnswerPlan): undefined {
      if (isOver) return;
      if (given.kind === 'network') return fail('network', given.code);
      const { headers, told } = headersOf(given, clock.wall);
      const { status } = given;
      const data = JSON.stringify({ status });
      const response: AxiosResponse = {
        status,
        statusText: '',
        headers: { ...headers, ...extra() },
        data,
        config,
        request: {},
      };
      if (config.validateStatus?.(status) !== false)
        return end('status', told, { ok: true, value: response });
      // As Axios does.
      const code = { 4: 'ERR_BAD_REQUEST', 5: 'ERR_BAD_RESPONSE' }[Math.floor(status / 100)];
      const error = new AxiosError(`played ${status}`, code, config, {}, response);
      end('status', told, { ok: false, value: error });
    }
    if (signal?.aborted || cancelToken?.reason) return onAbort();
    signal?.addEventListener?.('abort', onAbort);
    cancelToken?.subscribe(onAbort);
    release = () => answer({ ...plan, kind: 'status', status: 299 });
    if (plan.kind !== 'silence') clock.after(plan.after, () => answer(plan));
    const { timeout = 0, transitional } = config;
    const code = transitional?.clarifyTimeoutError ? 'ETIMEDOUT' : 'ECONNABORTED';
    if (timeout > 0) clock.after(timeout, () => fail('timeout', code));
  });
  return { promise, release: () => release() };
}

function headersOf(plan: AnswerPlan, wall: number) {
  const { retryAfter, date, age, hintMs, verdict } = plan;
  const server = date === 'ahead' ? wall + AHEAD_MS : wall;
  const serverSecond = Math.floor(server / SECOND) * SECOND;
  const headers: Record<string, string | string[]> = {};
  if (date === 'right' || date === 'ahead') headers.Date = new Date(serverSecond).toUTCString();
  if (date === 'invalid') headers.date = 'yesterday';
  if (age) headers.age = '3';
  if (hintMs !== undefined) headers['X-Wait-Ms'] = String(hintMs);
  if (verdict !== undefined) headers['x-should-retry'] = String(verdict);
  const value = textOf(retryAfter, serverSecond);
  if (value !== undefined) headers['Retry-After'] = value;
  const isCorrected = (date === 'right' || date === 'ahead') && !age;
  return {
    headers,
    told: { plan, retryAfter: meaningOf(retryAfter, serverSecond, isCorrected) } satisfies Told,
  };
}

function textOf(plan: RetryAfterPlan, serverSecond: number): string | string[] | undefined {
  if (plan.form === 'none') return undefined;
  if (plan.form === 'invalid') return plan.text;
  if (plan.form === 'array') return plan.seconds.map(String);
  if (typeof plan.seconds !== 'number') return plan.seconds.join(', ');
  return dateText(plan.form as 'imf', new Date(serverSecond + plan.seconds * SECOND));
}

/** What the value means, by the plan rather than by reading the text again. */
function meaningOf(plan: RetryAfterPlan, serverSecond: number, isCorrected: boolean) {
  if (plan.form === 'none' || plan.form === 'invalid') return undefined;
  if (typeof plan.seconds !== 'number')
    return { ms: Math.min(Math.max(...plan.seconds) * SECOND, Number.MAX_SAFE_INTEGER) };
  if (isCorrected) return { ms: Math.max(plan.seconds * SECOND, 0) };
  return { at: serverSecond + plan.seconds * SECOND };
}

const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function dateText(form: 'imf' | 'rfc850' | 'asctime', date: Date): string {
  const imf = date.toUTCString();
  if (form === 'imf') return imf;
  const [weekday = '', day = '', month = '', year = '', time = ''] = imf
    .replace(',', '')
    .split(' ');
  if (form === 'rfc850')
    return `${LONG_DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
}

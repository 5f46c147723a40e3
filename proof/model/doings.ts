// What the hooks and the request interceptors of a run do, and what they see.
import type { InternalAxiosRequestConfig } from 'axios';
import type { RetryContext, RetryWait } from '../../src/index.js';
import type { HookName, HookPlan } from './plan.js';
import { HOOK_OK, PASS } from './plan.js';
import type { CallRecord, EntryDetail, Script } from './record.js';
import { ModelError } from './record.js';

/** The run, as far as these see it. */
interface Stage {
  scriptOf(config: { readonly url?: string | undefined }): Script | undefined;
  log(call: CallRecord, detail: EntryDetail): void;
  later(ms: number, then: () => void): void;
  abort(script: Script): void;
  act(what: 'cancel' | 'retry-now', wait: RetryWait): void;
}

/** Nothing that any hook may return; a hook that returns nothing may not return nonsense. */
const NONSENSE = 42;

export function hookDoes(
  stage: Stage,
  name: HookName,
  arg: unknown,
  context: RetryContext,
): unknown {
  const script = stage.scriptOf(context.config);
  if (!script) throw new Error(`a hook of nobody: ${context.config.url}`);
  const call = script.current;
  const plan = script.plan.hooks[name][script.hookCalls[name]] ?? HOOK_OK;
  script.hookCalls[name] += 1;
  const { retryNumber, state } = context;
  stage.log(call, { what: 'hook', name, plan, arg, retryNumber, state });

  const act = (): unknown => {
    if (plan.act === 'abort') stage.abort(script);
    if (plan.act === 'throw') {
      const thrown = new ModelError(`${name} threw`, script.id);
      stage.log(call, { what: 'hook-done', name, thrown });
      throw thrown;
    }
    if (name === 'onRetry' && plan.act === 'cancel') stage.act('cancel', arg as RetryWait);
    if (name === 'onRetry' && plan.act === 'retry-now') stage.act('retry-now', arg as RetryWait);
    if (name === 'beforeRetry' && plan.act === 'edit')
      (arg as InternalAxiosRequestConfig).headers.set('X-Edit', `edit ${retryNumber}`);
    const returned = name === 'decide' ? decision(plan, arg) : undefined;
    stage.log(call, { what: 'hook-done', name, returned });
    return returned;
  };

  if (plan.after === 0) return act();
  return new Promise<void>((resolve) => stage.later(plan.after, resolve)).then(act);
}

function decision({ act, delay }: HookPlan, given: unknown): unknown {
  if (act === 'nonsense') return NONSENSE;
  if (act === 'stop') return { retry: false };
  if (act === 'force') return { retry: true, delay };
  return given;
}

export function interceptorDoes(
  stage: Stage,
  config: InternalAxiosRequestConfig,
  where: 'late' | 'early',
): InternalAxiosRequestConfig | Promise<InternalAxiosRequestConfig> {
  const script = stage.scriptOf(config);
  if (!script) return config;
  const call = script.current;
  const header = (name: string) => {
    const value = config.headers.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  stage.log(call, {
    what: 'request',
    where,
    sameBody: isSame(config.data, script.body),
    marks: header('X-Mark') ?? '',
    edit: header('X-Edit'),
    url: config.url ?? '',
    params: config.params,
  });
  const plan = script.plan[where][script.sends] ?? PASS;
  const finish = (): InternalAxiosRequestConfig => {
    if (plan.act === 'throw') {
      const thrown = new ModelError(`request interceptor threw`, script.id);
      stage.log(call, { what: 'request-done', where, thrown });
      throw thrown;
    }
    // An interceptor that appends: on a retry it must not meet its own output.
    config.headers.set('X-Mark', `${header('X-Mark') ?? ''}${where === 'late' ? 'L' : 'E'}`);
    config.url = `${config.url}?${where}`.replace('?early', '&early');
    config.params = { ...config.params, [where]: '1' };
    stage.log(call, { what: 'request-done', where });
    return config;
  };
  if (plan.hold === 0) return finish();
  return new Promise<void>((resolve) => stage.later(plan.hold, resolve)).then(finish);
}

/** Axios itself clones a plain object. */
function isSame(data: unknown, body: unknown): boolean {
  const isPlain = Object.getPrototypeOf(body ?? []) === Object.prototype;
  return isPlain ? JSON.stringify(data) === JSON.stringify(body) : data === body;
}

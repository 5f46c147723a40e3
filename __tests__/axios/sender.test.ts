import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError, AxiosHeaders } from 'axios';
import { canceledError } from '../../src/axios/canceled-error.js';
import { toConfig } from '../../src/axios/config.js';
import { handlersOf, isOnlyInterceptor } from '../../src/axios/interceptors.js';
import { FailedAttempt } from '../../src/axios/failed-attempt.js';
import { createSender } from '../../src/axios/sender.js';
import type { Outcome } from '../../src/request/outcome.js';
import { RequestSnapshot } from '../../src/request/snapshot.js';
import { CONFIG_KEY } from '../../src/request/state.js';

const config = { url: '/', headers: new AxiosHeaders() } as InternalAxiosRequestConfig;
const response = (own: Partial<AxiosResponse> = {}): AxiosResponse => ({
  status: 503,
  statusText: 'Closed',
  headers: { 'retry-after': '7' },
  config,
  data: 'a long body',
  request: {},
  ...own,
});
const failed = (answer?: AxiosResponse): Outcome => ({
  ok: false,
  value: new AxiosError('failed', 'ERR_BAD_RESPONSE', config, {}, answer),
});

describe('the outcome kept during a wait', () => {
  it('is a response without body and request, if the attempt resolved', () => {
    const kept = new FailedAttempt({ ok: true, value: response() }, []);
    const next = { ...config };
    const { ok, value } = kept.outcome(next);
    expect(ok).toBe(true);
    expect(value).toEqual({ ...response(), data: undefined, request: undefined });
    expect(value.config).toBe(next);
  });

  it('is an error with status, headers, message and code, if the attempt rejected', () => {
    const { ok, value } = new FailedAttempt(failed(response()), []).outcome(config);
    expect(ok).toBe(false);
    expect(value).toBeInstanceOf(AxiosError);
    expect(value).toMatchObject({
      message: 'failed',
      code: 'ERR_BAD_RESPONSE',
      status: 503,
      config,
      response: { statusText: 'Closed', headers: { 'retry-after': '7' }, data: undefined },
    });
    expect(value.request).toBeUndefined();
  });

  it('is an error without a response, if there was none', () => {
    const kept = new FailedAttempt(failed(), []);
    expect(kept.status).toBeUndefined();
    const { value } = kept.outcome(config);
    expect(value).toMatchObject({ message: 'failed', code: 'ERR_BAD_RESPONSE' });
    expect((value as AxiosError).response).toBeUndefined();
  });

  it('is complete even if the adapter gave only a status', () => {
    const bare = { status: 503, config } as AxiosResponse;
    const outcome: Outcome = { ok: false, value: { response: bare } as AxiosError };
    const kept = new FailedAttempt(outcome, []);
    expect(kept.outcome(config).value).toMatchObject({
      message: 'Request failed with status code 503',
      response: { status: 503, statusText: '', headers: {} },
    });
  });
});

describe('the plugin is the only interceptor', () => {
  const pass = <T>(value: T): T => value;
  function setUp() {
    const { interceptors } = axios.create();
    const runWhen = () => false;
    const attach = () => {
      interceptors.request.use(pass, undefined, { runWhen });
      interceptors.response.use(pass);
    };
    const own = { runWhen, responseHandler: () => handlersOf(interceptors.response).at(-1) ?? {} };
    return {
      interceptors,
      attach,
      isAlone: () => isOnlyInterceptor({ interceptors } as never, own),
    };
  }

  it('on an instance without other interceptors', () => {
    const { attach, isAlone } = setUp();
    attach();
    expect(isAlone()).toBe(true);
  });

  it('but not with another request interceptor, until that is ejected', () => {
    const { interceptors, attach, isAlone } = setUp();
    const earlier = interceptors.request.use(pass);
    attach();
    expect(isAlone()).toBe(false);
    interceptors.request.eject(earlier);
    expect(isAlone()).toBe(true);
    interceptors.request.use(pass);
    expect(isAlone()).toBe(false);
  });

  it('but not with a response interceptor before it', () => {
    const { interceptors, attach, isAlone } = setUp();
    const earlier = interceptors.response.use(pass);
    attach();
    expect(isAlone()).toBe(false);
    interceptors.response.eject(earlier);
    expect(isAlone()).toBe(true);
  });

  it('but not after its own interceptors were cleared', () => {
    const { interceptors, attach, isAlone } = setUp();
    attach();
    interceptors.response.clear();
    expect(isAlone()).toBe(false);
  });

  it('but not if the interceptor managers have an unknown structure', () => {
    const manager = { forEach: () => undefined };
    const interceptors = { request: manager, response: manager };
    const own = { runWhen: undefined, responseHandler: () => ({}) };
    expect(isOnlyInterceptor({ interceptors } as never, own)).toBe(false);
  });
});

describe('the config of a retry', () => {
  it('has the plugin’s key, and keeps removed headers removed', () => {
    const headers = new AxiosHeaders({ Accept: false, 'X-Own': '1' });
    const state = {};
    const next = toConfig(new RequestSnapshot({ url: '/', headers }), state);
    expect((next as unknown as Record<string, unknown>)[CONFIG_KEY]).toBe(state);
    expect(next.headers).toBeInstanceOf(AxiosHeaders);
    expect(Object.entries(next.headers)).toEqual([
      ['Accept', false],
      ['X-Own', '1'],
    ]);
  });
});

describe('the sender', () => {
  it('leaves the headers on a config that a hook may keep, even if Axios throws', () => {
    const instance = axios.create();
    const thrown = new Error('at once');
    const create = () => ({
      defaults: {},
      interceptors: {},
      request: () => {
        throw thrown;
      },
    });
    Object.assign(instance, { create });
    const send = createSender(instance, { runWhen: undefined, responseHandler: () => ({}) });
    const held = { ...config };
    expect(() => send?.(held, [])).toThrow(thrown);
    expect(held.headers).toBe(config.headers);
  });
});

describe('the error of an aborted request', () => {
  it('is Axios’s CanceledError or the reason of the cancel token', () => {
    const error = canceledError({ signal: AbortSignal.abort() }, config);
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_CANCELED', config });
    const source = axios.CancelToken.source();
    source.cancel('enough');
    expect(canceledError({ cancelToken: source.token }, config)).toBe(source.token.reason);
  });
});

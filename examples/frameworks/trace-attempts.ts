// How do I trace every attempt with OpenTelemetry? Each is a client span; waits are events on the caller's span.
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { AxiosError, AxiosInstance, AxiosRequestConfig } from 'axios';
import type { RetryRequestOptions } from 'axios-status-retry';
import { retryCount } from 'axios-status-retry';

/** The caller's context, in a function, so that it survives Axios's merge and is left out of JSON. */
type Traced = AxiosRequestConfig & { traceParent?: () => Context };

/** Follows the HTTP semantic conventions. The URL has no user info or query, which may hold credentials. */
function attributesOf(api: AxiosInstance, config: AxiosRequestConfig): Attributes {
  const { origin, hostname, port, protocol, pathname } = new URL(api.getUri(config));
  const resends = retryCount(config);
  return {
    'http.request.method': config.method?.toUpperCase() ?? 'GET',
    'url.full': origin + pathname,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    ...(resends > 0 && { 'http.request.resend_count': resends }),
  };
}

/** Call it before `attachRetry`, so that it sees every attempt, and pass the result to that. */
export function traceAttempts(
  api: AxiosInstance,
  tracer: Tracer,
): Pick<RetryRequestOptions, 'onRetry'> {
  const spans = new WeakMap<object, Span>();
  const parentOf = (config: Traced): Context => config.traceParent?.() ?? context.active();

  // Stored before the plugin takes its snapshot of the config, because a browser has no async context.
  const runWhen = (config: Traced): boolean => {
    const parent = parentOf(config);
    config.traceParent = () => parent;
    return true;
  };
  api.interceptors.request.use(
    (config) => {
      const attributes = attributesOf(api, config);
      const name = String(attributes['http.request.method']);
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parentOf(config));
      propagation.inject(trace.setSpan(parentOf(config), span), config.headers);
      spans.set(config, span);
      return config;
    },
    undefined,
    { runWhen },
  );

  const end = (config: object = {}, status?: number, code?: string): void => {
    const span = spans.get(config);
    const isError = status === undefined || status >= 400;
    if (status !== undefined) span?.setAttribute('http.response.status_code', status);
    if (isError) {
      span?.setAttribute('error.type', String(status ?? code ?? '_OTHER'));
      span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    span?.end();
  };
  api.interceptors.response.use(
    (response) => {
      end(response.config, response.status);
      return response;
    },
    (error: AxiosError) => {
      end(error.config, error.response?.status, error.code);
      return Promise.reject(error);
    },
  );

  return {
    onRetry({ status, delay, basis, retryNumber }, { config }) {
      const attributes = { status, delay_ms: delay, basis, retry: retryNumber };
      trace.getSpan(parentOf(config))?.addEvent('http.retry.wait', attributes);
    },
  };
}

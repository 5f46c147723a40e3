// npm run telemetry: what does OpenTelemetry see of retried calls? Three users at once, and their spans.
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import axios from 'axios';
import { attachRetry, exponentialBackoff } from 'axios-status-retry';
import { traceAttempts } from './trace-attempts.js';
import { startUpstream } from './upstream.js';

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('service');

const upstream = await startUpstream({
  '/alice': [503, { status: 429, headers: { 'Retry-After': '1' } }, 200],
  '/bob': [503, 200],
  '/carol': [404],
});
const api = axios.create({
  // Credentials in all the usual places; none of them may appear in a span.
  baseURL: upstream.url.replace('//', '//service:secret@'),
  params: { token: 'secret' },
  headers: { 'X-Api-Key': 'secret' },
  timeout: 5000,
  proxy: false,
});
attachRetry(api, {
  ...traceAttempts(api, tracer),
  // To keep the example short; the default backoff starts at 8 s.
  backoff: exponentialBackoff({ base: 50, factor: 2 }),
});

/** Does what the instrumentation of a web framework does for each request. */
function serve(user: string): Promise<void> {
  return tracer.startActiveSpan(`page of ${user}`, async (span) => {
    await api.get(`/${user}`).catch(() => undefined);
    span.end();
  });
}
await Promise.all(['alice', 'bob', 'carol'].map(serve));

const say = (attributes: object = {}): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
    .replaceAll(upstream.url, 'http://upstream');
const spans = exporter.getFinishedSpans();
const childrenOf = (parent?: ReadableSpan): ReadableSpan[] =>
  spans.filter((span) => span.parentSpanContext?.spanId === parent?.spanContext().spanId);

for (const page of childrenOf()) {
  console.log(page.name);
  for (const event of page.events) console.log(`  ${event.name}: ${say(event.attributes)}`);
  for (const attempt of childrenOf(page)) {
    console.log(`  ${attempt.name}: ${say(attempt.attributes)}`);
  }
}
await provider.shutdown();
await upstream.close();

// npm run fastify: the service of express.ts, on Fastify.
import axios, { isCancel } from 'axios';
import { attachRetry, exponentialBackoff } from 'axios-status-retry';
import type { FastifyReply } from 'fastify';
import fastify from 'fastify';
import { callService, startReports } from './callers.js';
import { patienceOf, refusalOf } from './patience.js';

const upstream = await startReports();
const api = axios.create({ baseURL: upstream.url, timeout: 5000, proxy: false });
// To keep the example short; the default backoff starts at 8 s.
const retries = attachRetry(api, { backoff: exponentialBackoff({ base: 50, factor: 2 }) });

/** Aborts when the caller hangs up. */
function hangUp(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

const app = fastify({ forceCloseConnections: true });

app.get<{ Params: { id: string }; Headers: { prefer?: string } }>(
  '/reports/:id',
  async (request, reply) => {
    const { data } = await api.get(`/reports/${encodeURIComponent(request.params.id)}`, {
      signal: hangUp(reply),
      retry: { maxElapsed: patienceOf(request.headers.prefer) },
    });
    return data;
  },
);

app.setErrorHandler((error, _request, reply) => {
  if (isCancel(error)) return reply.hijack(); // The caller is gone.
  const { status, headers } = refusalOf(error);
  return reply.status(status).headers(headers).send({ error: 'The reports are not available.' });
});
app.addHook('preClose', async () => retries.detach());

const service = await app.listen({ host: '127.0.0.1', port: 0 });
await callService(service, upstream, retries);
await app.close();
await upstream.close();

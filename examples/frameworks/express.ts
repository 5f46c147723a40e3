// npm run express: how does a service retry its upstream calls while its own caller is waiting?
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import axios, { isCancel } from 'axios';
import { attachRetry, exponentialBackoff } from 'axios-status-retry';
import type { ErrorRequestHandler, Response } from 'express';
import express from 'express';
import { callService, startReports } from './callers.js';
import { patienceOf, refusalOf } from './patience.js';

const upstream = await startReports();
const api = axios.create({ baseURL: upstream.url, timeout: 5000, proxy: false });
// To keep the example short; the default backoff starts at 8 s.
const retries = attachRetry(api, { backoff: exponentialBackoff({ base: 50, factor: 2 }) });

/** Aborts when the caller hangs up. (The 'close' event of `req` fires too early.) */
function hangUp(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
}

const app = express();

app.get('/reports/:id', async (req, res) => {
  const { data } = await api.get(`/reports/${encodeURIComponent(req.params.id)}`, {
    signal: hangUp(res),
    retry: { maxElapsed: patienceOf(req.get('Prefer')) },
  });
  res.json(data);
});

const answerFailure: ErrorRequestHandler = (error, _req, res, _next) => {
  if (isCancel(error)) return; // The caller is gone.
  const { status, headers } = refusalOf(error);
  res.status(status).set(headers).json({ error: 'The reports are not available.' });
};
app.use(answerFailure);

const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
await callService(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, upstream, retries);
server.close().closeAllConnections();
await upstream.close();

// A server as many have it: Express behind express-rate-limit, which tells the quota that is left.
import type { RequestListener } from 'node:http';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { closingHeader } from './early-sends.js';
import type { KnownRate } from './known-rate.js';
import type { HeaderDraft } from './limits.js';

/** All clients share one quota, whatever their process. */
export function quotaServer({ requests, per }: KnownRate, headers: HeaderDraft): RequestListener {
  const app = express().disable('x-powered-by').disable('etag');
  const limiter = rateLimit({
    limit: requests,
    windowMs: per,
    standardHeaders: headers,
    legacyHeaders: false,
    keyGenerator: () => 'all',
    handler: (_, response) => {
      const retryAfterMs = Number(response.getHeader('retry-after')) * 1000;
      response.set(closingHeader(retryAfterMs)).status(429).end();
    },
  });
  app.use(limiter);
  app.get('/items/:id', (_, response) => void response.type('text').send('ok'));
  return app;
}

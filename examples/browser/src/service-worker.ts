// Plays the platform and the shop in the documentation site, which has no server. A browser stops an idle service
// worker and starts it again, so that nothing may be kept in its memory.
import { createStore, update } from 'idb-keyval';
import { answerPlatform } from '../platform/platform.js';
import type { ShopState } from '../platform/shop.js';
import { createShop, initialShop } from '../platform/shop.js';
import { OTHER_ORIGIN } from './shared/other-origin.js';

declare const self: ServiceWorkerGlobalScope;

const store = createStore('shop', 'state');

const answerShop = createShop(async (change) => {
  let changed = initialShop;
  const keep = (state: ShopState = initialShop) => {
    changed = change(state);
    return changed;
  };
  await update('shop', keep, store);
  return changed;
});

self.addEventListener('install', () => void self.skipWaiting());

// A page asks for control after its first visit and after a forced reload.
self.addEventListener('message', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.url.startsWith(`${OTHER_ORIGIN}/`)) {
    event.respondWith(answerPlatform(request).then(asSeenFromElsewhere));
  }
  const { scope } = self.registration;
  if (request.url.startsWith(`${scope}api/`)) event.respondWith(answerPlatform(request));
  if (request.url.startsWith(`${scope}shop/`)) event.respondWith(answerShop(request));
});

/** Hides headers as a browser does, which hides none of an answer that was made here. */
function asSeenFromElsewhere(response: Response): Response {
  if (!response.headers.has('Access-Control-Expose-Headers')) {
    response.headers.delete('Retry-After');
    response.headers.delete('Date');
  }
  return response;
}

// Serves the two pages, with the platform and the shop on the same port.
import type { Connect } from 'vite';
import { defineConfig } from 'vite';
import { overHttp } from './platform/http.js';
import { answerPlatform } from './platform/platform.js';
import { createShop, initialShop } from './platform/shop.js';

// A free port, reachable from this machine only.
const address = { host: '127.0.0.1', port: 0 };

function serve({ middlewares }: { readonly middlewares: Connect.Server }): void {
  let state = initialShop;
  const shop = createShop(async (change) => {
    state = change(state);
    return state;
  });
  middlewares.use('/api', overHttp(answerPlatform));
  middlewares.use('/shop', overHttp(shop));
}

export default defineConfig({
  server: address,
  preview: address,
  build: {
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { input: ['index.html', 'outbox.html'] },
  },
  plugins: [{ name: 'platform', configureServer: serve, configurePreviewServer: serve }],
});

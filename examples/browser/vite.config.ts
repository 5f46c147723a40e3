// Serves the two pages, with the platform and the shop on the same port.
import type { Connect } from 'vite';
import { defineConfig } from 'vite';
import { createOrders } from './server/orders.js';
import { createPlatform } from './server/platform.js';

// A free port, reachable from this machine only.
const address = { host: '127.0.0.1', port: 0 };

function serve({ middlewares }: { readonly middlewares: Connect.Server }): void {
  middlewares.use('/api', createPlatform());
  middlewares.use('/shop', createOrders());
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

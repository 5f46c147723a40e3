// Builds the two pages and serves them, with the platform and the shop on the same port. `--mode site` builds them for
// the documentation site, where a service worker plays both.
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

export default defineConfig(({ mode }) => ({
  // The site may have any path on its host.
  base: mode === 'site' ? './' : '/',
  server: address,
  preview: address,
  build: {
    target: 'es2022',
    // These know light-dark(); for older ones it becomes a media query, which ignores the site's dark mode.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    rolldownOptions: { input: ['index.html', 'outbox.html'] },
  },
  // A service worker needs the same name in each build, in the folder of the pages that it controls.
  worker: { rolldownOptions: { output: { entryFileNames: '[name].js' } } },
  plugins: [{ name: 'platform', configureServer: serve, configurePreviewServer: serve }],
}));

import { defineConfig } from 'vite';
import { createPlatform } from './server/platform.js';

// Any free port of this machine, and of no other.
const address = { host: '127.0.0.1', port: 0 };

export default defineConfig({
  server: address,
  preview: address,
  build: { target: 'es2022', modulePreload: false },
  plugins: [
    {
      name: 'platform',
      configureServer: ({ middlewares }) => void middlewares.use('/api', createPlatform()),
      configurePreviewServer: ({ middlewares }) => void middlewares.use('/api', createPlatform()),
    },
  ],
});

// The browser reaches the service through this app, so that both have one origin.
import type { NextConfig } from 'next';

const config: NextConfig = {
  rewrites: async () => [{ source: '/api/:path*', destination: `${process.env.API_URL}/:path*` }],
};

export default config;

// The built package, as users get it. Typed by its source, because types are checked without a build.
const load = (entry: string) => import(new URL(`../dist/esm/${entry}`, import.meta.url).href);

export const { attachRetry }: typeof import('../src/index.js') = await load('index.js');
export const { createGate }: typeof import('../src/gate/index.js') = await load('gate/index.js');
export const { createRedisGate }: typeof import('../src/redis/index.js') =
  await load('redis/index.js');
export const { rateLimitFields }: typeof import('../src/hints/index.js') =
  await load('hints/index.js');

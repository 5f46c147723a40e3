// The gates as users get them. Typed by their source, as the build is not there when types are checked.
import { existsSync } from 'node:fs';
import type { RetryGate } from '../../src/core/extensions.js';

const at = (name: string) => new URL(`../../dist/esm/${name}/index.js`, import.meta.url);

export const { createGate }: typeof import('../../src/gate/index.js') = await import(
  at('gate').href
);

/** Whether the package has a gate on Redis. */
export function hasSharedGate(): boolean {
  return existsSync(at('redis'));
}

/** Its connection ends with the process. */
export async function createSharedGate(port: number): Promise<RetryGate> {
  const { createRedisGate }: typeof import('../../src/redis/index.js') = await import(
    at('redis').href
  );
  const { Redis } = await import('ioredis');
  return createRedisGate(new Redis(port), {});
}

import { hasSharedGate } from './built-gates.js';
import type { Race } from './herd-results.js';
import { hasRedis } from './redis.js';

/** Why a race cannot be held here; undefined where it can. */
export function missing({ contestant }: Race): string | undefined {
  if (contestant !== 'redis-gate') return undefined;
  if (!hasSharedGate()) return 'left out: this build has no gate on Redis';
  return hasRedis() ? undefined : 'left out: no redis-server on the PATH';
}

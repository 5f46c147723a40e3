// The upstream of every example here: a real server on loopback that fails before it works.
import type { Routes } from '../../__tests__/support/scripted-server.js';
import { startRoutes } from '../../__tests__/support/scripted-server.js';

/** A reply with `Retry-After: 60`. */
export const inAMinute = (status: number) => ({ status, headers: { 'Retry-After': '60' } });

/** Starts the server. `say` prints what happened to a path, and how often it was requested. */
export async function startUpstream(routes: Routes) {
  const { url, requests, close } = await startRoutes(routes);
  const width = Math.max(...Object.keys(routes).map((path) => path.length));
  const say = (path: string, event: string): void => {
    const sends = requests.filter((request) => request.url === path).length;
    console.log(`${path.padEnd(width)}  ${event}; sends: ${sends}`);
  };
  return { url, close, say };
}

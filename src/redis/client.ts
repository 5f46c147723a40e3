import { invalidArgument } from '../util/validate.js';

/** What is used of an ioredis client (`new Redis()`, `new Cluster()`). */
export interface IoredisClient {
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

interface Evaluated {
  readonly keys: string[];
  readonly arguments: string[];
}

/** What is used of a node-redis client (`createClient()`, `createCluster()`). */
export interface NodeRedisClient {
  eval(script: string, options: Evaluated): Promise<unknown>;
  evalSha(sha1: string, options: Evaluated): Promise<unknown>;
}

/** Runs a script, atomically, on one key. */
export type RunScript = (key: string, args: readonly string[]) => Promise<unknown>;

/**
 * A script on either client. Sent once, and from then on by its SHA-1.
 *
 * @throws {TypeError} When the client is of neither kind.
 */
export function bindScript(client: IoredisClient | NodeRedisClient, script: string): RunScript {
  const { byText, bySha } = commandsOf(client);
  let sha: string | undefined;
  return async (key, args) => {
    if (sha !== undefined) {
      try {
        return await bySha(sha, key, args);
      } catch (error) {
        // It was restarted, or is another node of the cluster.
        if (!String(error).includes('NOSCRIPT')) throw error;
      }
    }
    const reply = await byText(script, key, args);
    sha = await sha1(script);
    return reply;
  };
}

type Command = (script: string, key: string, args: readonly string[]) => Promise<unknown>;

function commandsOf(client: IoredisClient | NodeRedisClient): { byText: Command; bySha: Command } {
  const isObject = typeof client === 'object' && client !== null;
  if (isObject && 'evalSha' in client) {
    return {
      byText: (text, key, args) => client.eval(text, { keys: [key], arguments: [...args] }),
      bySha: (sha, key, args) => client.evalSha(sha, { keys: [key], arguments: [...args] }),
    };
  }
  if (isObject && 'evalsha' in client) {
    return {
      byText: (text, key, args) => client.eval(text, 1, key, ...args),
      bySha: (sha, key, args) => client.evalsha(sha, 1, key, ...args),
    };
  }
  throw invalidArgument('createRedisGate', 'a client of ioredis or of node-redis', client);
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

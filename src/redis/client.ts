// Runs a Lua script on a client of ioredis or of node-redis.
import { invalidArgument } from '../util/validate.js';

/** The methods used of an ioredis client (`new Redis()`, `new Cluster()`). */
export interface IoredisClient {
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** For a connection that listens; without it the gate does not hear of other processes at once. */
  duplicate?(): unknown;
}

interface EvalOptions {
  readonly keys: string[];
  readonly arguments: string[];
}

/** The methods used of a node-redis client (`createClient()`, `createCluster()`). */
export interface NodeRedisClient {
  eval(script: string, options: EvalOptions): Promise<unknown>;
  evalSha(sha1: string, options: EvalOptions): Promise<unknown>;
  /** For a connection that listens; without it the gate does not hear of other processes at once. */
  duplicate?(): unknown;
}

/** Runs a script, atomically, on one key. */
export type RunScript = (key: string, args: readonly string[]) => Promise<unknown>;

/**
 * Binds a script to a client. The first run sends its text, later runs only its SHA-1.
 *
 * @throws {TypeError} When the client is of neither kind.
 */
export function bindScript(client: IoredisClient | NodeRedisClient, script: string): RunScript {
  const { runText, runSha } = commandsOf(client);
  let sha: string | undefined;
  return async (key, args) => {
    if (sha !== undefined) {
      try {
        return await runSha(sha, key, args);
      } catch (error) {
        // Redis was restarted, or this is another node of the cluster.
        if (!String(error).includes('NOSCRIPT')) throw error;
      }
    }
    const running = runText(script, key, args);
    // Not awaited: the answer does not wait for it.
    void running
      .then(() => sha1(script))
      .then(
        (digest) => (sha = digest),
        () => undefined,
      );
    return running;
  };
}

type Command = (textOrSha: string, key: string, args: readonly string[]) => Promise<unknown>;

function commandsOf(client: IoredisClient | NodeRedisClient): {
  runText: Command;
  runSha: Command;
} {
  const isObject = typeof client === 'object' && client !== null;
  if (isObject && 'evalSha' in client) {
    return {
      runText: (text, key, args) => client.eval(text, { keys: [key], arguments: [...args] }),
      runSha: (sha, key, args) => client.evalSha(sha, { keys: [key], arguments: [...args] }),
    };
  }
  if (isObject && 'evalsha' in client) {
    return {
      runText: (text, key, args) => client.eval(text, 1, key, ...args),
      runSha: (sha, key, args) => client.evalsha(sha, 1, key, ...args),
    };
  }
  throw invalidArgument('createRedisGate', 'a client of ioredis or of node-redis', client);
}

/** In hexadecimal. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An error that Redis itself has answered, in any client: it begins with a code, as in `WRONGTYPE Operation …`. */
const ERROR_REPLY = /^[A-Z]{2,} /;

/** Whether Redis has answered, with an error. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && ERROR_REPLY.test(error.message);
}

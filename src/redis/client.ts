// Runs a Lua script on a client of ioredis or of node-redis, and subscribes with a duplicate of it.
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

/** A client as far as it tells that it was closed: `disconnect` is the event of node-redis's cluster. */
interface Closable {
  on?(event: 'end' | 'disconnect', listener: () => void): unknown;
}

/** What a subscription reports. */
export interface Subscriber {
  onMessage(text: string): void;
  /** Messages arrive from now on, or do not. */
  onListening(listening: boolean): void;
  /** It cannot listen, and does not try again. */
  onRefused(error: unknown): void;
}

export interface Subscription {
  close(): Promise<void>;
}

/** A duplicate of either kind of client, as far as it is used. */
interface Duplicate {
  on(event: string, listener: (...args: never[]) => void): unknown;
  /** Of node-redis, whose clients do not connect by themselves. */
  connect?(): Promise<unknown>;
  subscribe(channel: string, onMessage?: (text: string) => void): Promise<unknown>;
  /** Let the process end although it is connected. */
  unref?(): void;
  readonly stream?: { unref?(): void };
  /** Of ioredis, which tells of no `end` when a client that has lost Redis is closed. */
  readonly reconnectTimeout?: { unref?(): void } | null;
  /** Of ioredis and of node-redis 4; later ones have `destroy`. */
  disconnect?(): unknown;
  destroy?(): unknown;
}

/**
 * Subscribes on a connection of its own. It reconnects as the client does, and ends with the client. Never
 * throws.
 */
export function subscribe(
  client: IoredisClient | NodeRedisClient,
  channel: string,
  { onMessage, onListening, onRefused }: Subscriber,
): Subscription {
  let duplicate: Duplicate | undefined;
  let closed = false;
  let wasListening = false;
  async function close(): Promise<void> {
    closed = true;
    try {
      await (duplicate?.destroy ?? duplicate?.disconnect)?.call(duplicate);
    } catch {
      // It was not connected.
    }
  }
  function refuse(error: unknown): void {
    if (closed) return;
    void close();
    onRefused(error);
  }
  try {
    duplicate = duplicateOf(client);
    const listen = 'evalSha' in client ? listenWithNodeRedis : listenWithIoredis;
    // The client's own connection reports the same errors.
    duplicate.on('error', () => undefined);
    for (const event of ['end', 'disconnect'] as const)
      (client as Closable).on?.(event, () => void close());
    void listen(duplicate, channel, {
      onMessage: (text) => closed || onMessage(text),
      onListening(listening) {
        if (closed || listening === wasListening) return;
        wasListening = listening;
        onListening(listening);
      },
    }).catch(refuse);
  } catch (error) {
    refuse(error);
  }
  return { close };
}

/** @throws {TypeError} When the client cannot be duplicated. */
function duplicateOf(client: IoredisClient | NodeRedisClient): Duplicate {
  const duplicate = client.duplicate?.() as Duplicate | undefined;
  if (duplicate !== undefined) return duplicate;
  throw new TypeError(
    'axios-status-retry: createRedisGate: the client cannot be duplicated, so this process hears what others learn only when it asks',
  );
}

/** A duplicate of ioredis connects by itself, and again when it has lost its connection. */
async function listenWithIoredis(
  duplicate: Duplicate,
  channel: string,
  { onMessage, onListening }: Omit<Subscriber, 'onRefused'>,
): Promise<void> {
  const listen = async (): Promise<void> => {
    duplicate.stream?.unref?.();
    await duplicate.subscribe(channel);
    onListening(true);
  };
  duplicate.on('message', (_channel: string, text: string) => onMessage(text));
  duplicate.on('close', () => onListening(false));
  duplicate.on('reconnecting', () => duplicate.reconnectTimeout?.unref?.());
  await new Promise<void>((_resolve, reject) => {
    // Not connected yet, or not any more, is no refusal: it listens as soon as it is.
    const tryToListen = (): void =>
      void listen().catch((error: unknown) => isRefusal(error) && reject(error as Error));
    duplicate.on('ready', tryToListen);
    tryToListen();
  });
}

/** A duplicate of node-redis subscribes again by itself when it has lost its connection, or a cluster's that of a node. */
async function listenWithNodeRedis(
  duplicate: Duplicate,
  channel: string,
  { onMessage, onListening }: Omit<Subscriber, 'onRefused'>,
): Promise<void> {
  await duplicate.connect?.();
  await duplicate.subscribe(channel, onMessage);
  duplicate.unref?.();
  for (const one of ['', 'node-']) {
    duplicate.on(`${one}reconnecting`, () => onListening(false));
    duplicate.on(`${one}ready`, () => onListening(true));
  }
  onListening(true);
}

/** An error that Redis itself has answered, in any client: it begins with a code, as in `WRONGTYPE Operation …`. */
const ERROR_REPLY = /^[A-Z]{2,} /;

/** Whether Redis has answered, with an error. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && ERROR_REPLY.test(error.message);
}

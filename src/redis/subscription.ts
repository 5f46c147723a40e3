// Subscribes to a channel with a duplicate of a client of ioredis or of node-redis.
import type { IoredisClient, NodeRedisClient } from './client.js';
import { isRefusal } from './client.js';

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
  /** Of ioredis. */
  readonly options?: { autoResubscribe?: boolean };
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
    'axios-status-retry: createRedisGate: the client cannot be duplicated, so this process hears what others learn only when it asks; see axios-status-retry/errors.md#redis-not-listening',
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
  // It is done here: ioredis does not catch its own, and so ends a process that closes meanwhile.
  if (duplicate.options) duplicate.options.autoResubscribe = false;
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

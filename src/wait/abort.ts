// Watches what can abort a waiting request.
import type { InternalAxiosRequestConfig } from 'axios';

/** What can abort a request in Axios: a signal, a cancel token, or both. */
export interface Abortable {
  readonly signal?: InternalAxiosRequestConfig['signal'] | undefined;
  readonly cancelToken?: InternalAxiosRequestConfig['cancelToken'] | undefined;
  /** Those of the last attempt, if an interceptor has set others. */
  readonly attempt?: Abortable | undefined;
  /** Ends the call when its `totalTimeout` is over. */
  readonly deadline?: AbortSignal | undefined;
}

export interface AbortWatcher {
  readonly abortable: Abortable;
  aborted(): void;
}

/** A signal, or a cancel token, which has no `addEventListener`. A custom one may lack methods. */
type Source = Partial<
  Pick<AbortSignal, 'addEventListener' | 'removeEventListener'> &
    Pick<NonNullable<Abortable['cancelToken']>, 'subscribe' | 'unsubscribe'>
>;

/** Whether the request is already aborted. */
export function isAborted({ signal, cancelToken, deadline, attempt }: Abortable): boolean {
  return (
    signal?.aborted === true ||
    cancelToken?.reason !== undefined ||
    deadline?.aborted === true ||
    (attempt !== undefined && isAborted(attempt) && !isTimeout(attempt.signal))
  );
}

/** Without the rest of a config, whose other keys are the caller's. */
export function signalsOf({ signal, cancelToken }: Abortable): Abortable {
  return { signal, cancelToken };
}

function sourcesOf({ signal, cancelToken, attempt, deadline }: Abortable): Source[] {
  const own = [signal, cancelToken, deadline].filter((source) => source != null);
  return attempt ? [...own, ...sourcesOf(attempt)] : own;
}

/** Whether a signal was aborted by its own time-out, as those of `AbortSignal.timeout()` are. */
function isTimeout(source: unknown): boolean {
  const signal = source as { readonly reason?: { readonly name?: unknown } } | null | undefined;
  return signal?.reason?.name === 'TimeoutError';
}

interface Group {
  readonly watchers: Set<AbortWatcher>;
  readonly stop: () => void;
}

/** Watchers that share a signal share one listener on it; the last to leave removes it. */
export class AbortWatchers {
  readonly #groups = new Map<Source, Group>();

  /** Throws the error of a custom signal that cannot be listened to; nothing is watched then. */
  watch(watcher: AbortWatcher): void {
    try {
      for (const source of sourcesOf(watcher.abortable)) this.#group(source).watchers.add(watcher);
    } catch (error) {
      this.unwatch(watcher);
      throw error;
    }
  }

  unwatch(watcher: AbortWatcher): void {
    for (const source of sourcesOf(watcher.abortable)) {
      const group = this.#groups.get(source);
      if (group?.watchers.delete(watcher) && group.watchers.size === 0) group.stop();
    }
  }

  /** The watchers of a source, which has a listener from the first on. */
  #group(source: Source): Group {
    const known = this.#groups.get(source);
    if (known) return known;
    const watchers = new Set<AbortWatcher>();
    const run = (): void => {
      stop();
      for (const one of watchers) {
        // A signal that was made for one attempt may time out with it.
        if (source === one.abortable.signal || !isTimeout(source)) one.aborted();
      }
    };
    const stop = (): void => {
      this.#groups.delete(source);
      try {
        if (source.removeEventListener) source.removeEventListener('abort', run);
        else source.unsubscribe?.(run);
      } catch {
        // A custom signal whose methods throw must not end the wait.
      }
    };
    if (source.addEventListener) source.addEventListener('abort', run);
    else source.subscribe?.(run);
    const group = { watchers, stop };
    this.#groups.set(source, group);
    return group;
  }
}

// Watches what can abort a waiting request.
import type { InternalAxiosRequestConfig } from 'axios';

/** What can abort a request in Axios: a signal, a cancel token, or both. */
export interface Abortable {
  readonly signal?: InternalAxiosRequestConfig['signal'] | undefined;
  readonly cancelToken?: InternalAxiosRequestConfig['cancelToken'] | undefined;
}

export interface AbortWatcher {
  readonly abortable: Abortable;
  aborted(): void;
}

type Source = NonNullable<Abortable['signal'] | Abortable['cancelToken']>;

/** Whether the request is already aborted. */
export function isAborted({ signal, cancelToken }: Abortable): boolean {
  return signal?.aborted === true || cancelToken?.reason !== undefined;
}

function sourcesOf({ signal, cancelToken }: Abortable): Source[] {
  return [signal, cancelToken].filter((source) => source != null);
}

function isToken(source: Source): source is NonNullable<Abortable['cancelToken']> {
  return 'throwIfRequested' in source;
}

interface Group {
  readonly watchers: Set<AbortWatcher>;
  readonly run: () => void;
}

/** Watchers that share a signal share one listener on it; the last to leave removes it. */
export class AbortWatchers {
  readonly #groups = new Map<Source, Group>();

  watch(watcher: AbortWatcher): void {
    for (const source of sourcesOf(watcher.abortable)) {
      let group = this.#groups.get(source);
      if (group === undefined) {
        const watchers = new Set<AbortWatcher>();
        const run = (): void => {
          this.#unsubscribe(source, run);
          for (const one of watchers) one.aborted();
        };
        group = { watchers, run };
        this.#groups.set(source, group);
        if (isToken(source)) source.subscribe(run);
        else source.addEventListener?.('abort', run);
      }
      group.watchers.add(watcher);
    }
  }

  unwatch(watcher: AbortWatcher): void {
    for (const source of sourcesOf(watcher.abortable)) {
      const group = this.#groups.get(source);
      if (group?.watchers.delete(watcher) && group.watchers.size === 0) {
        this.#unsubscribe(source, group.run);
      }
    }
  }

  #unsubscribe(source: Source, run: () => void): void {
    this.#groups.delete(source);
    try {
      if (isToken(source)) source.unsubscribe(run);
      else source.removeEventListener?.('abort', run);
    } catch {
      // A custom signal whose methods throw must not end the wait.
    }
  }
}

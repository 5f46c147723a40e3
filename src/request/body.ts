// Bodies: which can be sent once only, and how to discard an unread one.
import type { AxiosResponse } from 'axios';
import { hasHiddenKeys, isObject, isPlain } from '../util/clone.js';
import { isFunction } from '../util/validate.js';

interface Unread {
  readonly pipe?: unknown;
  readonly getReader?: unknown;
  on?(event: 'error', listener: () => void): void;
  destroy?(): void;
  cancel?(): Promise<void>;
}

/** Whether the body of a response is a stream, which its caller reads. */
export function isUnread(body: unknown): boolean {
  const { pipe, getReader } = (body ?? {}) as Unread;
  return [pipe, getReader].some((method) => typeof method === 'function');
}

/** Destroys the body of a response that will not be read, so that it frees its socket. */
export function discardResponseBody(response: AxiosResponse | undefined): void {
  const body = response?.data as Unread | null | undefined;
  const ignore = (): void => undefined;
  try {
    if (isFunction(body?.pipe)) {
      body?.on?.('error', ignore);
      body?.destroy?.();
      // Axios may have wrapped the body in another stream, which does not destroy its source.
      (response?.request as Unread | undefined)?.destroy?.();
    } else if (isFunction(body?.getReader)) {
      body?.cancel?.().catch(ignore);
    }
  } catch {
    // A custom stream whose methods throw must not break the retry.
  }
}

interface MaybeStream {
  readonly pipe?: unknown;
  readonly getReader?: unknown;
  readonly next?: unknown;
}

/**
 * Whether a body can be read only once: a Node or web stream, `form-data`, a generator, or an object
 * or array that contains one.
 */
export function isSingleUseBody(body: unknown, seen = new Set<object>()): boolean {
  if (!isObject(body) || seen.has(body)) return false;
  const { pipe, getReader, next } = body as MaybeStream;
  if ([pipe, getReader, next].some(isFunction)) return true;
  seen.add(body);
  return (
    isPlain(body) &&
    !hasHiddenKeys(body) &&
    Object.values(body).some((part) => isSingleUseBody(part, seen))
  );
}

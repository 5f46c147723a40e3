// Looks at the interceptors of an instance, which a test may have mocked.
import type { Handler, Handlers } from '../axios/interceptors.js';
import { handlersOf } from '../axios/interceptors.js';
import type { RetryHandle } from '../core/attach.js';
import { isFunction } from '../util/validate.js';

/** For an instance that a test has mocked: nothing is sent, so nothing is retried. */
export const MOCK_HANDLE: RetryHandle = Object.freeze({
  waits: Object.freeze([]),
  subscribe: () => () => undefined,
  detach: () => undefined,
});

/** The handlers of a manager; none of a mock, which often has nothing but a `use` that does nothing. */
export function handlersIn(manager: unknown): Handler[] {
  return isFunction((manager as Partial<Handlers>).forEach) ? handlersOf(manager) : [];
}

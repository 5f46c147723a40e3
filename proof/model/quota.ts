// The quota that the played server counts for each origin, in fixed windows, and tells in each answer.
import type { QuotaReader } from '../../src/hints/index.js';
import type { CallRecord } from './record.js';

const HEADER = 'x-quota';
/** A gate forgets a key without requests after a minute. */
const FORGOTTEN_MS = 60_000;

export const readQuota: QuotaReader = ({ headers }) => {
  const text = (headers as Record<string, unknown>)[HEADER];
  return typeof text === 'string' ? [JSON.parse(text)] : [];
};

interface Window {
  readonly index: number;
  count: number;
  /** Whether an answer has told of this window. */
  isTold: boolean;
  /** Whether a request was counted whose answer never came: the gate cannot know of it. */
  isBlurred: boolean;
  lastAt: number;
}

export class QuotaServer {
  /** Requests that were refused although the gate knew that nothing was left. */
  readonly broken: { readonly call: CallRecord; readonly at: number }[] = [];
  informed = 0;
  readonly #windows = new Map<string, Window>();

  constructor(
    readonly limit: number,
    readonly windowMs: number,
  ) {}

  take(key: string, now: number, call: CallRecord) {
    const index = Math.floor(now / this.windowMs);
    const former = this.#windows.get(key);
    const fresh: Window = { index, count: 0, isTold: false, isBlurred: false, lastAt: now };
    const window = former?.index === index ? former : fresh;
    this.#windows.set(key, window);
    const isForgotten = now - (former?.lastAt ?? now) > FORGOTTEN_MS;
    window.lastAt = now;
    window.count += 1;
    const isRefused = window.count > this.limit;
    const wasPushed = call.entries.some(({ what }) => what === 'retry-now');
    if (window.isTold && !window.isBlurred && !isForgotten && !wasPushed) {
      this.informed += 1;
      if (isRefused) this.broken.push({ call, at: now });
    }
    const waitMs = (index + 1) * this.windowMs - now;
    const quota = {
      name: 'window',
      remaining: Math.max(this.limit - window.count, 0),
      reset: waitMs,
      limit: this.limit,
      window: this.windowMs,
    };
    return {
      isRefused,
      waitMs,
      headers: () => ({ [HEADER]: JSON.stringify(quota) }),
      ended: (isAnswered: boolean) => {
        if (isAnswered) window.isTold = true;
        else window.isBlurred = true;
      },
    };
  }
}

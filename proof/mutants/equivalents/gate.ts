// Mutants of src/gate that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const gate: readonly Equivalent[] = [
  {
    file: 'src/gate/adaptive-rate.ts',
    line: 'if (this.#open) this.#estimator.count',
    from: 'this.#open',
    to: 'true',
    why: 'what is counted while it is closed is discarded when it opens',
  },
  {
    file: 'src/gate/adaptive-rate.ts',
    line: 'this.#estimator.learnThrottle',
    from: '!this.#known',
    to: 'true',
    why: 'only a first throttle brings a burst; what else it changes is not used once the key has opened',
  },
  {
    file: 'src/gate/closure.ts',
    from: '{ return undefined; }',
    to: '{}',
    why: 'it returns undefined all the same',
  },
  {
    file: 'src/gate/limiter.ts',
    line: 'else if (this.settings.cost)',
    from: 'this.settings.cost',
    to: 'true',
    why: 'without the option every call costs 1, so another look finds what the last one found',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'quotas || log || maxConcurrency < Infinity',
    to: 'true',
    why: 'nobody uses the time then',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'maxConcurrency < Infinity',
    to: 'maxConcurrency <= Infinity',
    why: 'nobody uses the time then',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'this.#leavingTimer && !this.#leavingTimer.canceled',
    to: 'false',
    why: 'each send then sets a timer for the same moment, and the later ones find nothing to do',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'closedFor !== undefined || quotas.length > 0',
    to: 'true',
    why: 'an answer that says nothing changes no closing, so there is nothing new to show',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'quotas.length > 0',
    to: 'quotas.length >= 0',
    why: 'an answer that says nothing changes no closing, so there is nothing new to show',
  },
  {
    file: 'src/gate/limiter.ts',
    line: 'if (this.#queue.size === 0) return;',
    from: 'this.#queue.size === 0',
    to: 'false',
    why: 'an empty queue has nothing to admit, and no timer',
  },
  {
    file: 'src/gate/limiter.ts',
    from: '!isCapped && !this.#sentLog && this.admission.tryAdmit()',
    to: 'false',
    why: '`tryAdmit` is the fast path of `admit`',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'this.#timer && this.#timer.at <= at',
    to: 'false',
    why: 'where there is a timer already, the last one that is set is for the present',
  },
  {
    file: 'src/gate/limiter.ts',
    from: 'this.#timer.at <= at',
    to: 'this.#timer.at < at',
    why: 'another timer of the same time',
  },
  {
    file: 'src/gate/rate-estimator.ts',
    from: 'new Array(SLOTS)',
    to: 'new Array()',
    why: 'the first count sets every slot',
  },
  {
    file: 'src/gate/rate-estimator.ts',
    from: 'last - SLOTS + 1',
    to: 'last - SLOTS - 1',
    why: 'it empties two slots twice',
  },
];

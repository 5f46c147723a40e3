// The rules that are compared: the gate's own, published ones, and none.
import { AdaptiveRate } from '../../src/gate/adaptive-rate.js';
import { GatedClient, UngatedClient } from './clients.js';
import type { GrowthLaw } from './probing-limiter.js';
import { ProbingLimiter } from './probing-limiter.js';
import type { LocalRateLimiter, Rule } from './rule.js';

/** The plugin's default. */
const MAX_RETRIES = 5;
/** The gate's default. */
const INITIAL_CONCURRENCY = 32;

/** From 10/s, doubling every half second. */
const slowStart = (openMs: number) => 10 * 2 ** (openMs / 500);

/** W (1 + 0.0002 (t − K)³), which begins at 0.9 W: the same shape at every rate. */
const flatCubic: GrowthLaw = {
  slowStart,
  after: (accepted) => {
    const growth = 0.0002;
    const k = Math.cbrt(0.1 / growth);
    return (openMs) => accepted * (1 + growth * (openMs / 1000 - k) ** 3);
  },
};

/** W + 0.4 (t − K)³, which begins at 0.7 W: published for the AWS SDKs' adaptive mode. */
const awsCubic: GrowthLaw = {
  slowStart,
  after: (accepted) => {
    const scale = 0.4;
    const k = Math.cbrt((accepted * (1 - 0.7)) / scale);
    return (openMs) => accepted + scale * (openMs / 1000 - k) ** 3;
  },
};

/** Additive increase, multiplicative decrease. */
const aimd: GrowthLaw = {
  slowStart,
  after: (accepted) => (openMs) => 0.7 * accepted + (2 * openMs) / 1000,
};

function gated(
  name: string,
  createLimiter: () => LocalRateLimiter,
  initialConcurrency = INITIAL_CONCURRENCY,
): Rule {
  return {
    name,
    maxRetries: MAX_RETRIES,
    adapts: true,
    createClient: (time, random) =>
      new GatedClient(time, random, createLimiter, initialConcurrency),
  };
}

function following(name: string, law: GrowthLaw): Rule {
  return gated(name, () => new ProbingLimiter(law));
}

function ungated(name: string, maxRetries: number): Rule {
  return { name, maxRetries, adapts: false, createClient: (time) => new UngatedClient(time) };
}

export const rules: readonly Rule[] = [
  gated("this package's gate", () => new AdaptiveRate()),
  gated('the same, no concurrency window', () => new AdaptiveRate(), Number.POSITIVE_INFINITY),
  following('slow start, then flat CUBIC', flatCubic),
  following('CUBIC with the constants of the AWS SDKs', awsCubic),
  following('AIMD (× 0.7, +2/s every second)', aimd),
  ungated('bare Retry-After, 5 retries', MAX_RETRIES),
  ungated('bare Retry-After, unlimited retries', Number.POSITIVE_INFINITY),
];

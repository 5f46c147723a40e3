import type { RateLaw } from './probing.js';

/** From 10/s, doubling each half second. */
function doubling(open: number): number {
  return 10 * 2 ** (open / 500);
}

/** Grows by the share (t − K)³ of what worked, from 0.9 of it: the same shape for every rate. */
export const flatCubic: RateLaw = {
  slowStart: doubling,
  after: (seen) => {
    const growth = 0.0002;
    const k = Math.cbrt(0.1 / growth);
    return (open) => seen * (1 + growth * (open / 1000 - k) ** 3);
  },
};

/** Published for the AWS SDKs' adaptive mode: rate = W + 0.4 (t − K)³, from 0.7 of W. */
export const awsCubic: RateLaw = {
  slowStart: doubling,
  after: (seen) => {
    const scale = 0.4;
    const k = Math.cbrt((seen * (1 - 0.7)) / scale);
    return (open) => seen + scale * (open / 1000 - k) ** 3;
  },
};

/** Additive increase, multiplicative decrease. */
export const additive: RateLaw = {
  slowStart: doubling,
  after: (seen) => (open) => 0.7 * seen + (2 * open) / 1000,
};

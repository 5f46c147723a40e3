// Choices that depend only on the seed and on what is chosen, so that two processes choose the same.

/** A number from 0 to 1, below 1: always the same for the same parts. */
export function draw(...parts: readonly (string | number)[]): number {
  let hash = 2_166_136_261;
  for (const char of parts.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  // The end of MurmurHash3, as FNV-1a alone changes little with the last characters.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Picks by weight. */
export function pick<Item>(share: number, weighted: readonly (readonly [Item, number])[]): Item {
  let left = share * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of weighted) {
    left -= weight;
    if (left < 0) return item;
  }
  throw new Error('No weights.');
}

/** A whole number from `least` to `most`. */
export function between(share: number, least: number, most: number): number {
  return least + Math.floor(share * (most - least + 1));
}

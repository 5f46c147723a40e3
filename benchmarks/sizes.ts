import { bundleSize } from '../scripts/bundle.mjs';
import { AXIOS_RETRY, NAIVE, OURS, RETRY_AXIOS } from './names.js';
import type { Size } from './results.js';

/** What an application imports of each. */
const imports: readonly (readonly [name: string, code: string])[] = [
  [NAIVE, "export { attachNaive } from './benchmarks/naive.ts';"],
  [AXIOS_RETRY, "export { default } from 'axios-retry';"],
  [RETRY_AXIOS, "export { attach } from 'retry-axios';"],
  [OURS, "export { attachRetry } from './dist/esm/index.js';"],
];

/** What each adds to a bundle, minified, without Axios. */
export function measureSizes(): Promise<Size[]> {
  return Promise.all(
    imports.map(async ([contestant, code]) => ({ contestant, ...(await bundleSize(code)) })),
  );
}

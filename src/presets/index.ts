/**
 * The entry `axios-status-retry/presets`: how well-known services want to be retried.
 *
 * @module presets
 */
export { anthropic } from './anthropic.js';
export { github } from './github.js';
export { microsoftGraph } from './microsoft-graph.js';
export { openai } from './openai.js';
export type { RetryPreset } from './preset.js';
export { shopify } from './shopify.js';
export { stripe } from './stripe.js';

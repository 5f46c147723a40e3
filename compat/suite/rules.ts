// All rules of the suite.
import { bodyRules } from './body-rules.js';
import { cancelRules } from './cancel-rules.js';
import { handleRules } from './handle-rules.js';
import { interceptorRules } from './interceptor-rules.js';
import { networkRules } from './network-rules.js';
import { optionRules } from './option-rules.js';
import type { Rule } from './rule.js';
import { tableRules } from './table-rules.js';
import { ticketRules } from './ticket-rules.js';

/** Sections 1 to 4 of the contract, as rules that hold in every environment. */
export const rules: readonly Rule[] = [
  ...tableRules,
  ...optionRules,
  ...networkRules,
  ...handleRules,
  ...interceptorRules,
  ...cancelRules,
  ...bodyRules,
  ...ticketRules,
];

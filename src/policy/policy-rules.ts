// The checks and defaults of the options that bear on the decision.
import { TOKEN } from '../util/headers.js';
import type { OptionRule } from '../util/validate.js';
import {
  A_BOOLEAN,
  A_FUNCTION,
  isFunction,
  isNotNegative,
  number,
  strings,
} from '../util/validate.js';
import { platformBackoff } from './backoff.js';
import { isStatusTable, MAX_RETRIES } from './define-status-table.js';

const MILLISECONDS = /* @__PURE__ */ number('milliseconds, 0 or more', isNotNegative);

/** By the names of `RetryPolicy`. */
export const policyRules = {
  table: ['a table made by defineStatusTable', isStatusTable] as OptionRule,
  maxRetries: MAX_RETRIES,
  backoff: A_FUNCTION,
  maxDelay: MILLISECONDS,
  maxElapsed: MILLISECONDS,
  totalTimeout: MILLISECONDS,
  methods: /* @__PURE__ */ strings("an array of method names, such as ['GET', 'HEAD']", (name) =>
    TOKEN.test(name),
  ),
  networkErrors: A_BOOLEAN,
  hints: [
    'a function or an array of functions',
    (value) => [value].flat().every(isFunction),
  ] as OptionRule,
};

export const policyDefaults = {
  maxRetries: 5,
  backoff: platformBackoff,
  /** One day. */
  maxDelay: 86_400_000,
  maxElapsed: Infinity,
  totalTimeout: Infinity,
  networkErrors: false,
};

// The checks of the options that bear on the decision.
import { TOKEN } from '../util/headers.js';
import type { OptionRule } from '../util/validate.js';
import { A_BOOLEAN, A_FUNCTION, number, strings } from '../util/validate.js';
import { isStatusTable, MAX_RETRIES } from './define-status-table.js';

const MILLISECONDS = /* @__PURE__ */ number('milliseconds, 0 or more', (value) => value >= 0);

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
};

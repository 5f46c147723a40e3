// Mutants of src/policy that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const policy: readonly Equivalent[] = [
  {
    file: 'src/policy/decision.ts',
    from: 'value === undefined',
    to: 'false',
    why: 'a missing header is parsed as nothing; the condition only saves time',
  },
  {
    file: 'src/policy/decision.ts',
    from: "'retry-after-or-backoff'",
    to: '""',
    why: 'it stands for neither of the other three, which are what is asked for',
  },
  {
    file: 'src/policy/define-status-table.ts',
    from: 'code < 600',
    to: 'code <= 600',
    why: 'no table has a row for 600',
  },
  {
    file: 'src/policy/http-date.ts',
    from: 'epoch !== undefined',
    to: 'true',
    why: 'undefined is not at most the limit either; the condition is there for the types',
  },
  {
    file: 'src/policy/retry-after.ts',
    from: "''",
    to: '"Stryker was here!"',
    line: "typeof line === 'string'",
    why: 'no date either',
  },
  {
    file: 'src/policy/network-error.ts',
    line: 'return code === undefined',
    from: 'code === undefined',
    to: 'false',
    why: "the text 'undefined' is not among the codes",
  },
  {
    file: 'src/policy/retry-after.ts',
    line: 'member.exec',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'the first item is not read',
  },
  {
    file: 'src/policy/retry-after.ts',
    line: 'member.exec',
    from: "''",
    to: '"Stryker was here!"',
    why: 'no date either',
  },
  {
    file: 'src/policy/retry-after.ts',
    line: 'date.trim()',
    from: "''",
    to: '"Stryker was here!"',
    why: 'no date either',
  },
];

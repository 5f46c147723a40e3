// The demo for a program: a JSON object per line and request, in the order in which the requests end.
import type { Result, View } from './view.js';

function toJson({ scenario, report, waits, isRight }: Result): string {
  return JSON.stringify({
    scenario: scenario.path,
    method: scenario.method ?? 'GET',
    /** Of each attempt: the status, or the code of an error without one. */
    statuses: report.attempts.map(({ status, code }) => status ?? code),
    /** Milliseconds before each retry, and whether the backoff or Retry-After asked for them. */
    delays: waits.map(({ delay }) => delay),
    bases: waits.map(({ basis }) => basis),
    /** `success`, or why the request was given up. */
    outcome: report.gaveUp ?? 'success',
    asExpected: isRight,
  });
}

export const jsonView: View = {
  wait() {},
  over: (result) => console.log(toJson(result)),
  end() {},
  close() {},
};

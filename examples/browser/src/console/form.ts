// The form of the console: its fields, and the examples that fill them.
import type { Scenario } from './scenario.js';

/** The fields of the form, as text. */
export interface Form {
  readonly picked: number | 'other';
  readonly other: string;
  readonly failures: string;
  readonly retryAfter: Scenario['retryAfter'];
  readonly values: Readonly<Record<'seconds' | 'date' | 'text', string>>;
  readonly origin: Scenario['origin'];
}

export const initialForm: Form = {
  picked: 503,
  other: '418',
  failures: '2',
  retryAfter: 'none',
  values: { seconds: '30', date: '120', text: 'soon' },
  origin: 'same',
};

/** Undefined if a field has an invalid value, which the browser reports on submit. */
export function scenarioOf(form: Form): Scenario | undefined {
  const { picked, other, failures, retryAfter, values, origin } = form;
  const status = picked === 'other' ? Number(other) : picked;
  const value = retryAfter === 'none' ? '' : values[retryAfter];
  const isNumber = /^\d{1,9}$/;
  const isValueValid = retryAfter === 'none' || retryAfter === 'text' || isNumber.test(value);
  const isStatus = status >= 200 && status <= 599;
  if (!isStatus || !isNumber.test(failures) || !isValueValid) return undefined;
  return { status, failures: Number(failures), retryAfter, value, origin };
}

export interface Example {
  readonly name: string;
  readonly text: string;
  readonly form: Partial<Form>;
  readonly speed: number;
}

export const examples: readonly Example[] = [
  {
    name: 'Maintenance',
    text: '503 twice, then 200: waits of 8 s and 64 s.',
    form: {},
    speed: 10,
  },
  {
    name: 'Rate limit',
    text: '429 with a Retry-After date two minutes ahead.',
    form: { picked: 429, failures: '1', retryAfter: 'date' },
    speed: 10,
  },
  {
    name: 'Rate limit without a time',
    text: '429 without Retry-After is not retried.',
    form: { picked: 429 },
    speed: 10,
  },
  {
    name: 'The whole schedule',
    text: 'All five retries: 10 h 24 min, in about a minute.',
    form: { picked: 504, failures: '5' },
    speed: 600,
  },
];

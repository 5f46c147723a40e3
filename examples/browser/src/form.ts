import type { Scenario } from './scenario.js';

/** What the fields of the form hold: texts, as they are typed. */
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

/** Undefined where a field holds what cannot be sent; the browser says so when it is sent. */
export function scenarioOf(form: Form): Scenario | undefined {
  const { picked, other, failures, retryAfter, values, origin } = form;
  const status = picked === 'other' ? Number(other) : picked;
  const value = retryAfter === 'none' ? '' : values[retryAfter];
  const isNumber = /^\d{1,9}$/;
  const isValueFit = retryAfter === 'none' || retryAfter === 'text' || isNumber.test(value);
  const isStatus = status >= 200 && status <= 599;
  if (!isStatus || !isNumber.test(failures) || !isValueFit) return undefined;
  return { status, failures: Number(failures), retryAfter, value, origin };
}

export interface Example {
  readonly name: string;
  readonly tells: string;
  readonly form: Partial<Form>;
  readonly speed: number;
}

export const examples: readonly Example[] = [
  {
    name: 'Maintenance',
    tells: '503 twice, then it is back: waits of 8 s and 64 s.',
    form: {},
    speed: 10,
  },
  {
    name: 'Rate limit',
    tells: '429, and Retry-After is a date in two minutes.',
    form: { picked: 429, failures: '1', retryAfter: 'date' },
    speed: 10,
  },
  {
    name: 'Limit without a time',
    tells: '429 without Retry-After: nobody knows how long to wait.',
    form: { picked: 429 },
    speed: 10,
  },
  {
    name: 'The whole schedule',
    tells: 'All five retries: 10 h 24 min, in about a minute.',
    form: { picked: 504, failures: '5' },
    speed: 600,
  },
];

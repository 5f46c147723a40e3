// The plugin's status table, to pick an answer from. A row lights up when its status is used.
import type { RetryBehavior, RetryWait } from 'axios-status-retry';
import { lookupStatus, platformStatusTable } from 'axios-status-retry';
import type { Form } from './form.js';
import type { Batch } from './runs.js';

const rules: Readonly<Record<RetryBehavior, string>> = {
  never: 'never',
  'retry-after': 'Retry-After',
  backoff: '8ⁿ\u00a0s',
  'retry-after-or-backoff': 'Retry-After or 8ⁿ\u00a0s',
};
const details: Readonly<Record<RetryBehavior, string>> = {
  never: 'Never retried.',
  'retry-after': 'Retried after Retry-After, if there is a valid one.',
  backoff: 'Retry n follows after 8ⁿ seconds, or after Retry-After if that is longer.',
  'retry-after-or-backoff': 'Retry n follows after Retry-After, or else after 8ⁿ seconds.',
};

interface Props {
  readonly form: Form;
  readonly batches: readonly Batch[];
  readonly waits: readonly RetryWait[];
  onChange(change: Partial<Form>): void;
}

export function StatusTable({ form, batches, waits, onChange }: Props) {
  const used = new Map<number, number>();
  for (const { runs } of batches) {
    for (const { status } of runs.flatMap(({ report }) => report.attempts)) {
      if (status !== undefined) used.set(status, (used.get(status) ?? 0) + 1);
    }
  }
  const others = [...used].filter(([code]) => !lookupStatus(code));
  const waiting = new Set(waits.map(({ status }) => status));
  const picked = form.picked === 'other' ? undefined : lookupStatus(form.picked);

  const radio = (value: Form['picked']) => ({
    id: `status-${value}`,
    type: 'radio',
    name: 'status',
    checked: form.picked === value,
    onChange: () => onChange({ picked: value }),
    ...(form.picked === value && { 'aria-describedby': 'picked' }),
  });

  return (
    <fieldset className="statuses">
      <legend>The platform answers</legend>
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Retried after</th>
            <th scope="col">Used</th>
          </tr>
        </thead>
        <tbody>
          {[...platformStatusTable].map(({ code, name, retry }) => (
            <tr
              key={code}
              data-retry={retry}
              data-lit={used.has(code) || undefined}
              data-waiting={waiting.has(code) || undefined}
            >
              <th scope="row">
                <input {...radio(code)} />
                <label htmlFor={`status-${code}`}>
                  <b>{code}</b> {name}
                </label>
              </th>
              <td>{rules[retry]}</td>
              <Used times={used.get(code) ?? 0} />
            </tr>
          ))}
          <tr data-retry="never" data-lit={others.length > 0 || undefined}>
            <th scope="row">
              <input {...radio('other')} />
              <label htmlFor="status-other">Any other</label>
              <input
                type="number"
                aria-label="Other status"
                min="200"
                max="599"
                required
                value={form.other}
                onChange={({ target }) => onChange({ picked: 'other', other: target.value })}
              />
            </th>
            <td>never</td>
            <Used times={others.reduce((sum, [, times]) => sum + times, 0)} />
          </tr>
        </tbody>
      </table>
      <p id="picked" className="picked">
        {picked
          ? `“${picked.description}” ${details[picked.retry]}`
          : 'A status that is not in the table is never retried.'}
      </p>
    </fieldset>
  );
}

function Used({ times }: { readonly times: number }) {
  // A new key restarts the flash.
  return (
    <td>
      {times > 0 && (
        <span key={times} className="used">
          {times}×
        </span>
      )}
    </td>
  );
}

// The form: what the platform answers, and how many requests to send.
import type { RetryWait } from 'axios-status-retry';
import type { SubmitEvent } from 'react';
import { Track } from '../shared/Track.js';
import { duration } from '../shared/words.js';
import type { Form } from './form.js';
import { scenarioOf } from './form.js';
import type { Batch } from './runs.js';
import { StatusTable } from './StatusTable.js';
import type { Scenario } from './scenario.js';
import { plan } from './scenario.js';

interface Props {
  readonly form: Form;
  readonly speed: number;
  readonly batches: readonly Batch[];
  readonly waits: readonly RetryWait[];
  onChange(change: Partial<Form>): void;
  onSend(count: number): void;
}

const valueLabels = { seconds: 'Seconds', date: 'Seconds ahead', text: 'Text' };

export function Compose({ form, speed, batches, waits, onChange, onSend }: Props) {
  const { failures, retryAfter, values, origin } = form;

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const { submitter } = event.nativeEvent as globalThis.SubmitEvent;
    onSend(Number((submitter as HTMLButtonElement | null)?.value ?? 1));
  }

  return (
    <form className="compose" aria-label="Compose a request" onSubmit={submit}>
      <StatusTable form={form} batches={batches} waits={waits} onChange={onChange} />
      <div className="fields">
        <label htmlFor="failures">Failures before 200</label>
        <input
          id="failures"
          type="number"
          min="0"
          max="99"
          required
          value={failures}
          onChange={({ target }) => onChange({ failures: target.value })}
        />
        <label htmlFor="retry-after">Retry-After</label>
        <span>
          <select
            id="retry-after"
            value={retryAfter}
            onChange={({ target }) => onChange({ retryAfter: target.value as Form['retryAfter'] })}
          >
            <option value="none">none</option>
            <option value="seconds">in seconds</option>
            <option value="date">as an HTTP-date</option>
            <option value="text">invalid</option>
          </select>
          {retryAfter !== 'none' && (
            <input
              aria-label={valueLabels[retryAfter]}
              type={retryAfter === 'text' ? 'text' : 'number'}
              min="0"
              max="999999999"
              required
              pattern={retryAfter === 'text' ? '[ -~]{1,60}' : undefined}
              value={values[retryAfter]}
              onChange={({ target }) =>
                onChange({ values: { ...values, [retryAfter]: target.value } })
              }
            />
          )}
        </span>
        <label htmlFor="origin">From</label>
        <select
          id="origin"
          value={origin}
          onChange={({ target }) => onChange({ origin: target.value as Form['origin'] })}
        >
          <option value="same">the page’s origin</option>
          <option value="exposed">another, Retry-After exposed</option>
          <option value="hidden">another, Retry-After hidden</option>
        </select>
      </div>
      <div className="send">
        <Forecast scenario={scenarioOf(form)} speed={speed} />
        <button type="submit" value="1" className="primary">
          Send
        </button>
        <button type="submit" value="100">
          Send 100
        </button>
      </div>
    </form>
  );
}

/** What will happen to the request. */
function Forecast({ scenario, speed }: { scenario: Scenario | undefined; readonly speed: number }) {
  if (!scenario) return <p className="forecast">A field has an invalid value.</p>;
  const tried = plan(scenario);
  const { outcome, report } = tried;
  const total = report.attempts.at(-1)?.sentAt ?? 0;
  const here = total > 0 && speed > 1 ? ` (${duration(total / speed)} here)` : '';
  return (
    <div className="forecast">
      <p>
        {outcome?.words.replace('Succeeded', 'Succeeds').replace('Gave', 'Gives')}
        {here}
      </p>
      <Track tried={tried} />
    </div>
  );
}

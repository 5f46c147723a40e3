// The requests that were sent: their countdowns and outcomes. Before the first one, examples to start with.
import type { RetryWait } from 'axios-status-retry';
import { barsOf, endOf, roundUp, Track } from '../shared/Track.js';
import type { Example } from './form.js';
import { examples, initialForm, scenarioOf } from './form.js';
import { RunRow } from './RunRow.js';
import type { Batch } from './runs.js';
import { clear, JITTER } from './runs.js';
import { plan, scenarioInWords } from './scenario.js';

interface Props {
  readonly batches: readonly Batch[];
  readonly waits: readonly RetryWait[];
  readonly news: string;
  onExample(example: Example): void;
}

export function Requests({ batches, waits, news, onExample }: Props) {
  // A disabled button would lose the focus when it is pressed.
  const forWaits = { type: 'button', 'aria-disabled': waits.length === 0 } as const;
  const isOver = batches.some(({ runs }) => runs.every(({ outcome }) => outcome));
  return (
    <section className="requests" aria-labelledby="requests">
      <div className="bar">
        <h2 id="requests">Requests</h2>
        <p className="waiting">{waits.length > 0 && `${waits.length} waiting`}</p>
        <button {...forWaits} onClick={() => waits.forEach((wait) => void wait.retryNow())}>
          Retry all now
        </button>
        <button {...forWaits} onClick={() => waits.forEach((wait) => void wait.cancel())}>
          Cancel all
        </button>
        <button type="button" aria-disabled={!isOver} onClick={clear}>
          Clear
        </button>
        <p className="news" role="status">
          {news}
        </p>
      </div>
      {batches.length === 0 && <Examples onExample={onExample} />}
      {batches.map((batch) => (
        <BatchRows key={batch.id} batch={batch} waits={waits} />
      ))}
    </section>
  );
}

function BatchRows({ batch, waits }: { readonly batch: Batch; waits: readonly RetryWait[] }) {
  const { id, scenario, runs } = batch;
  const many = runs.length > 1;
  const byId = new Map(waits.map((wait) => [wait.id, wait]));
  const rows = runs.map((run) => ({ run, wait: byId.get(run.waits.at(-1)?.id ?? 0) }));
  const longest = endOf(rows.flatMap(({ run, wait }) => barsOf(run, wait)));
  const end = many ? roundUp(longest) : longest;
  const over = runs.filter(({ outcome }) => outcome).length;
  const heading = (
    <h3 id={`batch-${id}`}>
      {scenarioInWords(scenario)}
      {many && <small>{` · jitter ${JITTER} · ${over} of ${runs.length} finished`}</small>}
    </h3>
  );
  return (
    <article className="batch" data-many={many || undefined} aria-labelledby={`batch-${id}`}>
      {many && heading}
      <ol>
        {rows.map(({ run, wait }) => (
          <RunRow key={run.id} run={run} wait={wait} end={end}>
            {!many && heading}
          </RunRow>
        ))}
      </ol>
    </article>
  );
}

/** The examples: what each will do, and a button that does it. */
function Examples({ onExample }: Pick<Props, 'onExample'>) {
  return (
    <div className="examples">
      <p>Nothing sent yet. Choose an answer and send a request, or start with one of these:</p>
      {examples.map((example) => {
        const scenario = scenarioOf({ ...initialForm, ...example.form });
        return (
          <div key={example.name} className="example">
            <button type="button" onClick={() => onExample(example)}>
              {example.name}
            </button>
            <p>{example.text}</p>
            {scenario && <Track tried={plan(scenario)} />}
          </div>
        );
      })}
    </div>
  );
}

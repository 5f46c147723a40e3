import type { Example } from './form.js';
import { examples, initialForm, scenarioOf } from './form.js';
import { plan } from './scenario.js';
import { Track } from './Track.js';

/** To begin with, where nothing was sent yet: what will happen, and a button that makes it happen. */
export function Examples({ onExample }: { onExample(example: Example): void }) {
  return (
    <div className="examples">
      <p>Nothing is sent yet. Pick an answer and send it, or begin with one of these:</p>
      {examples.map((example) => {
        const scenario = scenarioOf({ ...initialForm, ...example.form });
        return (
          <div key={example.name} className="example">
            <button type="button" onClick={() => onExample(example)}>
              {example.name}
            </button>
            <p>{example.tells}</p>
            {scenario && <Track tried={plan(scenario)} />}
          </div>
        );
      })}
    </div>
  );
}

// The status console: compose an answer, send one request or a hundred, and watch them.
import { useRetryWaits } from 'axios-status-retry/react';
import { useState } from 'react';
import { isInSite, render } from '../shared/render.js';
import { clock, handle } from './api.js';
import { Compose } from './Compose.js';
import type { Example, Form } from './form.js';
import { initialForm, scenarioOf } from './form.js';
import { PageTime } from './PageTime.js';
import { Requests } from './Requests.js';
import { send, useRuns } from './runs.js';
import '../shared/page.css';
import '../shared/requests.css';
import './compose.css';

const SPEEDS = [1, 10, 60, 600];
const server = isInSite ? 'a platform played by this page' : 'a server on your machine';

function App() {
  const [form, setForm] = useState(initialForm);
  const [speed, setSpeed] = useState(clock.speed);
  const { batches, news } = useRuns();
  const waits = useRetryWaits(handle);

  function changeSpeed(next: number): void {
    clock.speed = next;
    setSpeed(next);
  }

  function play(form: Form, count: number): void {
    const scenario = scenarioOf(form);
    if (!scenario) return;
    send(scenario, count);
    // On a narrow page the requests are below the form; in a frame they may be above the visible part.
    if (matchMedia('(max-width: 60rem)').matches || parent !== window) {
      document.getElementById('requests')?.scrollIntoView();
    }
  }

  function playExample({ form, speed }: Example): void {
    const next = { ...initialForm, ...form };
    setForm(next);
    changeSpeed(speed);
    play(next, 1);
  }

  return (
    <>
      <header className="top">
        <h1>
          Status console <small>axios-status-retry, live, against {server}</small>
        </h1>
        <a href="outbox.html">Outbox</a>
        <fieldset className="time">
          <legend>Speed</legend>
          <div className="segments">
            {SPEEDS.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="speed"
                  checked={one === speed}
                  onChange={() => changeSpeed(one)}
                />
                <span>{one}×</span>
              </label>
            ))}
          </div>
          <PageTime />
        </fieldset>
      </header>
      <main>
        <Compose
          form={form}
          speed={speed}
          batches={batches}
          waits={waits}
          onChange={(change) => setForm({ ...form, ...change })}
          onSend={(count) => play(form, count)}
        />
        <Requests batches={batches} waits={waits} news={news} onExample={playExample} />
      </main>
    </>
  );
}

void render(<App />);

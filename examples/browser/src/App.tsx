import { useState } from 'react';
import { clock } from './api.js';
import { Compose } from './Compose.js';
import type { Example, Form } from './form.js';
import { initialForm, scenarioOf } from './form.js';
import { Requests } from './Requests.js';
import { send, useRuns } from './runs.js';
import { Time } from './Time.js';
import { useWaits } from './use-waits.js';

export function App() {
  const [form, setForm] = useState(initialForm);
  const [speed, setSpeed] = useState(clock.speed);
  const { batches, news } = useRuns();
  const waits = useWaits();

  function changeSpeed(next: number): void {
    clock.speed = next;
    setSpeed(next);
  }

  function play(form: Form, count: number): void {
    const scenario = scenarioOf(form);
    if (!scenario) return;
    send(scenario, count);
    // Where they stand below each other, what was sent is out of sight.
    if (matchMedia('(max-width: 60rem)').matches) {
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
          Status console <small>axios-status-retry, live against a platform on your machine</small>
        </h1>
        <a href="outbox.html">Outbox</a>
        <Time speed={speed} onSpeed={changeSpeed} />
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

import { lookupStatus } from 'axios-status-retry';
import type { SubmitEvent } from 'react';
import { useState } from 'react';
import type { Desk, Mood } from './desk.js';
import { deskInWords } from './desk.js';
import { changeDesk } from './view.js';

const STATUSES = [503, 529, 429, 500];

const initial: Mood = { refusals: '2', status: '503', retryAfter: '', pause: '0' };

/** What the server is to do with what it is sent. */
export function Shop({ desk }: { readonly desk: Desk | null | undefined }) {
  const [mood, setMood] = useState(initial);

  const field = (name: keyof Mood) => ({
    id: name,
    value: mood[name],
    onChange: ({ target }: { target: { value: string } }) =>
      setMood({ ...mood, [name]: target.value }),
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    void changeDesk(mood);
  }

  return (
    <form className="panel" aria-labelledby="shop" onSubmit={submit}>
      <h2 id="shop">The shop</h2>
      <p className="desk">{desk === null ? 'It does not answer.' : desk && deskInWords(desk)}</p>
      <div className="fields">
        <label htmlFor="refusals">Refuses</label>
        <span>
          <input {...field('refusals')} type="number" min="0" max="99" required /> sends
        </span>
        <label htmlFor="status">with</label>
        <select {...field('status')}>
          {STATUSES.map((code) => (
            <option key={code} value={code}>
              {code} {lookupStatus(code)?.name}
            </option>
          ))}
        </select>
        <label htmlFor="retryAfter">Retry-After</label>
        <span>
          <input {...field('retryAfter')} type="number" min="0" max="86400" placeholder="none" /> s
        </span>
        <label htmlFor="pause">Answers after</label>
        <span>
          <input {...field('pause')} type="number" min="0" max="20" required /> s
        </span>
      </div>
      <div className="send">
        <button type="submit">Apply</button>
        <button
          type="button"
          onClick={() => void changeDesk({ ...mood, refusals: '0', pause: '0' })}
        >
          Take all
        </button>
      </div>
    </form>
  );
}

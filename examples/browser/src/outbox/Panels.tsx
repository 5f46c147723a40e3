// The two forms of the page: an order, and how the shop treats it.
import { lookupStatus } from 'axios-status-retry';
import type { SubmitEvent } from 'react';
import { useState } from 'react';
import type { Desk } from '../../platform/shop.js';
import { post } from './outbox.js';
import type { DeskSettings } from './view.js';
import { changeDesk } from './view.js';

const DRINKS = ['Espresso', 'Flat white', 'Oolong tea', 'Hot chocolate'];
const STATUSES = [503, 529, 429, 500];

const initial: DeskSettings = { refusals: '2', status: '503', retryAfter: '', pause: '0' };

export function OrderPanel() {
  const [drink, setDrink] = useState('Flat white');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    try {
      await post('/orders', { drink, name: name.trim() });
      setName('');
      setProblem('');
    } catch (error) {
      setProblem(`The order could not be stored, so it was not sent: ${(error as Error).message}`);
    }
  }

  return (
    <form className="panel" aria-labelledby="order" onSubmit={submit}>
      <h2 id="order">Order</h2>
      <div className="fields">
        <label htmlFor="drink">Drink</label>
        <select id="drink" value={drink} onChange={({ target }) => setDrink(target.value)}>
          {DRINKS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        <label htmlFor="name">For</label>
        <input
          id="name"
          required
          maxLength={40}
          pattern=".*\S.*"
          placeholder="a name"
          autoComplete="off"
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <div className="send">
        <button type="submit" className="primary">
          Order
        </button>
        <p role="alert">{problem}</p>
      </div>
    </form>
  );
}

export function ShopPanel({ desk }: { readonly desk: Desk | null | undefined }) {
  const [settings, setSettings] = useState(initial);

  const field = (name: keyof DeskSettings) => ({
    id: name,
    value: settings[name],
    onChange: ({ target }: { target: { value: string } }) =>
      setSettings({ ...settings, [name]: target.value }),
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    void changeDesk(settings);
  }

  return (
    <form className="panel" aria-labelledby="shop" onSubmit={submit}>
      <h2 id="shop">The shop</h2>
      <p className="desk">
        {desk === null ? 'The shop does not answer.' : desk && deskInWords(desk)}
      </p>
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
          onClick={() => void changeDesk({ ...settings, refusals: '0', pause: '0' })}
        >
          Accept all
        </button>
      </div>
    </form>
  );
}

/** `Refuses the next 2 sends with 503, Retry-After: 5. So far: no orders.` */
function deskInWords({ refusals, status, retryAfter, pause, orders, sends }: Desk): string {
  const header = retryAfter === undefined ? '' : `, Retry-After: ${retryAfter}`;
  const which = refusals === 1 ? 'the next send' : `the next ${refusals} sends`;
  const mood = refusals > 0 ? `Refuses ${which} with ${status}${header}` : 'Accepts every order';
  const slowly = pause > 0 ? `, after ${pause} s` : '';
  const sent = sends > 0 ? ` in ${count(sends, 'send')}` : '';
  return `${mood}${slowly}. So far: ${count(orders, 'order')}${sent}.`;
}

const count = (n: number, noun: string): string => `${n || 'no'} ${noun}${n === 1 ? '' : 's'}`;

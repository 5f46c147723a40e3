import type { SubmitEvent } from 'react';
import { useState } from 'react';
import { post } from './outbox.js';

const DRINKS = ['Espresso', 'Flat white', 'Oolong tea', 'Hot chocolate'];

/** What is to be sent. */
export function Order() {
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
      setProblem(`It could not be kept, so it was not sent: ${(error as Error).message}`);
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

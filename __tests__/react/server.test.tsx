/**
 * The hooks on a server, and in the page that takes over its HTML.
 *
 * @jest-environment jsdom
 */
import { act } from '@testing-library/react';
import { StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server.node';
import { useCountdown, useRetryWaits } from '../../src/react/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

const START = Date.UTC(2030, 0, 1);

/** A client of which a request has waited for 3 of 8 s. */
async function waiting() {
  const client = setUp([503, 200]);
  void failureOf(client.get());
  await client.clock.advance(3000);
  return client;
}

const wait = { dueAt: START + 8000, delay: 8000 };

type Props = Parameters<typeof useCountdown>[1] & {
  handle: Parameters<typeof useRetryWaits>[0];
  wait: Parameters<typeof useCountdown>[0];
};

function Page({ handle, wait, ...options }: Props) {
  const count = useRetryWaits(handle).length;
  return <p>{`${count} waiting, ${useCountdown(wait, options)} ms`}</p>;
}

describe('on a server', () => {
  it('there are no waits, and of a wait all is left', async () => {
    const { handle, clock } = await waiting();
    expect(handle.waits).toHaveLength(1);
    expect(renderToString(<Page handle={handle} wait={wait} clock={clock} />)).toBe(
      '<p>0 waiting, 8000 ms</p>',
    );
  });

  it('no timer is set and the clock is not read', () => {
    const unused = () => {
      throw new Error('unused');
    };
    const clock = { now: unused, setTimeout: unused, clearTimeout: unused };
    const handle = { waits: [], subscribe: unused };
    const html = renderToString(<Page handle={handle} wait={wait} clock={clock} />);
    expect(html).toBe('<p>0 waiting, 8000 ms</p>');
  });

  it('the interval rounds the delay as it does later', () => {
    const odd = { dueAt: START, delay: 8123 };
    const html = renderToString(<Page handle={undefined} wait={odd} interval={500} />);
    expect(html).toBe('<p>0 waiting, 8500 ms</p>');
  });
});

describe('hydration', () => {
  it('takes over the HTML without a warning, and shows at once what is so now', async () => {
    const { handle, clock } = await waiting();
    const page = (
      <StrictMode>
        <Page handle={handle} wait={wait} clock={clock} />
      </StrictMode>
    );
    const box = document.body.appendChild(document.createElement('div'));
    box.innerHTML = renderToString(page);
    const [paragraph] = box.children;
    const logged = jest.spyOn(console, 'error');
    const onRecoverableError = jest.fn();
    await act(async () => hydrateRoot(box, page, { onRecoverableError }));
    expect(box.children[0]).toBe(paragraph);
    expect(box.textContent).toBe('1 waiting, 5000 ms');
    expect(logged).not.toHaveBeenCalled();
    expect(onRecoverableError).not.toHaveBeenCalled();
    await act(async () => handle.detach());
  });
});

// docs/guides/testing.md: its snippets pass, and fake timers do what it says.
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry } from '../../src/index.js';
import { runRecipe } from '../support/recipe.js';
import { snippetsByHeading } from '../support/snippets.js';

const PAGE = 'docs/guides/testing.md';

it.each([
  ['', ['200']],
  ['Assert on the report', []],
  ['A real server', ['200']],
])('the snippet under "%s" passes', async (heading, printed) => {
  expect((await runRecipe(PAGE, heading, {})).printed).toEqual(printed);
});

it('has a test for every snippet of the page', () => {
  const headings = ['', 'Assert on the report', 'A real server'];
  expect([...snippetsByHeading(PAGE).keys()]).toEqual(headings);
});

describe('fake timers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each<[string, number, () => unknown]>([
    ['advanceTimersByTimeAsync', 2, () => jest.advanceTimersByTimeAsync(8000)],
    ['advanceTimersByTime', 1, () => jest.advanceTimersByTime(8000)],
    [
      'runOnlyPendingTimersAsync',
      1,
      async () => {
        await jest.advanceTimersByTimeAsync(0);
        await jest.runOnlyPendingTimersAsync();
      },
    ],
  ])('after %s there were %i sends', async (_, sends, pass) => {
    const api = axios.create();
    const mock = new MockAdapter(api).onGet('/x').replyOnce(503).onGet('/x').reply(200);
    const handle = attachRetry(api);
    const request = api.get('/x').catch(() => undefined);
    await pass();
    expect(mock.history.get).toHaveLength(sends);
    handle.detach();
    await request;
  });
});

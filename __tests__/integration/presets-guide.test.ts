// docs/guides/presets.md: its snippets do what it says.
import type { AxiosInstance } from 'axios';
import { retryReport } from '../../src/index.js';
import * as presets from '../../src/presets/index.js';
import { settled } from '../support/http-client.js';
import { answer } from '../support/preset-client.js';
import { serveRecipe } from '../support/recipe.js';
import type { Answer } from '../support/scripted-server.js';
import { textOf } from '../support/snippets.js';

const PAGE = 'docs/guides/presets.md';

interface Exports {
  readonly api: AxiosInstance;
  readonly payments: AxiosInstance;
  readonly example: () => presets.RetryPreset;
}

/** Runs the code under a heading against a server that gives these answers in turn. */
async function recipe(heading: string, ...answers: Answer[]) {
  const { exports, server, clock } = await serveRecipe<Exports>(PAGE, heading, { '*': answers });
  const api = exports.api ?? exports.payments;
  api.defaults.baseURL = server.url;
  const start = clock.now();
  const send = async (request: Promise<unknown>) => {
    const ending = await settled(request, clock);
    return {
      status: ending.status ?? ending.response?.status,
      gaveUp: retryReport(ending)?.gaveUp,
      took: clock.now() - start,
      keys: server.requests.map(({ headers }) => headers['idempotency-key']),
    };
  };
  return { api, send };
}

describe('the first snippet', () => {
  it('waits at GitHub as long as it says', async () => {
    const { api, send } = await recipe(
      'A service in five lines',
      answer(403, { 'Retry-After': '60' }),
      answer(200),
    );
    expect(await send(api.get('/user'))).toMatchObject({ status: 200, took: 60_000 });
  });

  it('does not repeat what is forbidden', async () => {
    const { api, send } = await recipe('A service in five lines', answer(403));
    expect(await send(api.get('/user'))).toMatchObject({ status: 403, took: 0 });
  });
});

it('the snippet of Stripe sends a POST again with the same key', async () => {
  const { api, send } = await recipe('Requests that must not run twice', answer(502), answer(200));
  const { status, keys } = await send(api.post('/v1/charges'));
  expect(status).toBe(200);
  expect(keys[0]).toMatch(/./);
  expect(keys).toEqual([keys[0], keys[0]]);
});

describe('the changed preset', () => {
  it.each<[string, Answer, object]>([
    ['its own rows', answer(409), { status: 409, took: 0 }],
    ['its own hints', answer(429, {}, { error: { message: 'sora' } }), { gaveUp: 'hint' }],
    ["the preset's hints", answer(429, {}, { error: { type: 'insufficient_quota' } }), { took: 0 }],
    ['its own limit', answer(500), { gaveUp: 'max-retries', took: 1500 }],
  ])('has %s', async (_what, reply, ending) => {
    const { api, send } = await recipe('Changing a preset', reply);
    expect(await send(api.get('/'))).toMatchObject(ending);
  });
});

describe('a preset of your own', () => {
  it.each<[string, Answer[], object]>([
    ['the reset', [answer(429, { 'X-RateLimit-Reset': '7' }), answer(200)], { took: 7000 }],
    ['no time', [answer(429), answer(503), answer(200)], { status: 200, took: 1500 }],
    ['the daily limit', [answer(429, {}, { error: { code: 'daily_limit' } })], { gaveUp: 'hint' }],
    ['a body of text', [{ status: 429, body: 'busy' }, answer(200)], { status: 200, took: 500 }],
  ])('heeds %s', async (_what, answers, ending) => {
    const { api, send } = await recipe('A preset of your own', ...answers);
    expect(await send(api.get('/'))).toMatchObject(ending);
  });
});

it('the page has every preset in each of its tables', () => {
  const text = textOf(PAGE);
  for (const name of Object.keys(presets)) {
    expect(text.match(new RegExp(`^\\| \`${name}\\(\\)\``, 'gm'))).toHaveLength(3);
  }
});

// npm run mock: how do I test code that retries? With axios-mock-adapter and a clock that the test moves.
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { attachRetry, retryReport } from 'axios-status-retry';
import { createTestClock } from 'axios-status-retry/testing';

const clock = createTestClock();
const api = axios.create();
// The order does not matter: Axios looks up the adapter at every send.
const mock = new MockAdapter(api);
const retries = attachRetry(api, { clock });

const seconds = (ms = 0): string => `${ms / 1000} s`;

mock
  .onGet('/reports/7')
  .replyOnce(429, undefined, { 'Retry-After': '30' })
  .onGet('/reports/7')
  .replyOnce(503)
  .onGet('/reports/7')
  .reply(200, { id: 7 });

const startedAt = clock.now();
const report = api.get('/reports/7');
await clock.advance(0); // the first answer arrives, and the request waits
console.log(`waits for ${seconds(retries.waits[0]?.delay)}, by ${retries.waits[0]?.basis}`);
await clock.advance(29_999);
console.log(`sends after 29.999 s: ${mock.history.get?.length}`);
await clock.advance(1);
console.log(`sends after 30 s: ${mock.history.get?.length}`);
await clock.runAll();
const { status } = await report;
console.log(
  `${status} after ${mock.history.get?.length} sends, ${seconds(clock.now() - startedAt)}`,
);

// The history has every attempt, with the caller's body.
mock.onPost('/orders', { item: 1 }).reply(503);
const order = api.post('/orders', { item: 1 }).catch((error) => error);
await clock.runAll();
const bodies = new Set(mock.history.post?.map(({ data }) => data));
console.log(`POST: ${retryReport(await order)?.gaveUp} after ${mock.history.post?.length} sends`);
console.log(`their bodies: ${[...bodies].join(', ')}`);

// A request without an answer is retried only with `networkErrors`.
mock.onGet('/cable').networkErrorOnce().onGet('/cable').reply(200);
const plain = await api.get('/cable').catch((error) => error);
console.log(`networkErrors is off: ${plain.message}, ${retryReport(plain)?.gaveUp}`);
mock.onGet('/again').networkErrorOnce().onGet('/again').reply(200);
const again = api.get('/again', { retry: { networkErrors: true } });
await clock.runAll();
console.log(`networkErrors is on: ${(await again).status}`);

// A request keeps the adapter that it started with, even after the mock is restored.
mock.onGet('/late').replyOnce(503).onGet('/late').reply(200);
const late = api.get('/late');
await clock.advance(0);
mock.restore();
await clock.runAll();
console.log(`mock.restore() during a wait: ${(await late).status}, still answered by the mock`);

import { HOUR, SECOND, setUp } from '../support/gate-client.js';
import type { Reply } from '../support/stub-server.js';
import { busy } from '../support/stub-server.js';

/** Sends `/first`, which is answered so, and 10 s later `/x`: says when `/x` was sent. */
async function sentAfter(
  answer: Reply,
  closes?: readonly number[],
  validateStatus?: () => boolean,
) {
  const { clock, server, get } = setUp(({ url }) => (url === '/first' ? answer : 200), { closes });
  void get('/first', { retry: { maxRetries: 0 }, ...(validateStatus && { validateStatus }) });
  await clock.advance(10 * SECOND);
  void get('/x');
  await clock.advance(HOUR);
  return server.sent.find(({ url }) => url === '/x')?.at;
}

describe('closes', () => {
  it.each<[string, Reply, number[] | undefined, number]>([
    ['403 does not close by default', busy(60, 403), undefined, 10],
    ['403 closes if it is named and says a time', busy(60, 403), [403, 429], 60],
    ['403 without a time closes nothing', { status: 403 }, [403], 10],
    ['429 closes nothing if it is not named', busy(60), [403], 10],
    ['503 closes for the first backoff without a time', { status: 503 }, [503], 10],
    ['nothing closes with an empty array', busy(60, 503), [], 10],
    ['nothing closes with an empty array, a 429 neither', busy(60), [], 10],
  ])('%s', async (_words, answer, closes, seconds) => {
    expect(await sentAfter(answer, closes)).toBe(seconds * SECOND);
  });

  it('heeds a response that Axios resolves too', async () => {
    expect(await sentAfter(busy(60, 403), [403], () => true)).toBe(60 * SECOND);
  });

  it('does not count a status that it names as accepted: a probe that gets it opens nothing', async () => {
    const { clock, server, get, getAll } = setUp(
      ({ index }) => (index === 0 ? busy(10) : index === 1 ? { status: 403 } : { after: SECOND }),
      { closes: [403, 429] },
    );
    void get('/first', { retry: { maxRetries: 0 } });
    await clock.advance(0);
    getAll('/a', '/b', '/c');
    await clock.advance(10 * SECOND);
    // The next probe.
    expect(server.urls).toEqual(['/first', '/a', '/b']);
    await clock.runAll();
  });
});

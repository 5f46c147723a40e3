// Waits on the system's clock when a test has replaced a part of it.
import axios from 'axios';
import { attachRetry } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { answering } from '../support/scripted-client.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a Date.now that stands still', () => {
  it.each([1, 5, 50, 150])('lets a wait of %d ms end by the timer', async (delay) => {
    const { adapter, sent } = answering(503, 200);
    const api = axios.create({ adapter });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    attachRetry(api, { backoff: () => delay });
    const startedAt = performance.now();
    expect((await api.get('/')).status).toBe(200);
    expect(sent).toHaveLength(2);
    // Timers fire up to a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(delay - 1);
  });
});

describe('a setTimeout that runs at once', () => {
  it("ends waits of the platform's schedule at once", async () => {
    const { adapter, sent } = answering(503, 503, 503, 200);
    const api = axios.create({ adapter });
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void) => run()) as never);
    attachRetry(api);
    expect((await api.get('/')).status).toBe(200);
    expect(sent).toHaveLength(4);
  });
});

describe('a clock that is set back while decide is asked', () => {
  it('does not make the wait longer', async () => {
    const clock = createTestClock();
    let offset = 0;
    const { adapter, sent } = answering(503, 200);
    const api = axios.create({ adapter });
    attachRetry(api, {
      clock: { ...clock, now: () => clock.now() + offset },
      backoff: () => 1000,
      decide: async (decision) => {
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 100));
        return decision;
      },
    });
    const request = api.get('/');
    await clock.advance(50);
    offset = -3_600_000;
    await clock.advance(50 + 1000);
    expect(sent).toHaveLength(2);
    await request;
  });
});

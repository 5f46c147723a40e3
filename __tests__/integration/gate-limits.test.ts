import { isRetryGateError } from '../../src/gate/index.js';
import { retryReport } from '../../src/index.js';
import { extending, SECOND, START, setUp, setUpClosed } from '../support/gate-client.js';
import { busy } from '../support/stub-server.js';

describe('a gate closed for longer than a request may wait', () => {
  it('by maxDelay refuses the request at once', async () => {
    const { get, server, handle } = await setUpClosed({}, { maxDelay: 59_999 });
    const { error } = await get('/x');
    expect(isRetryGateError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'RetryGateError',
      code: 'ERR_GATE_CLOSED',
      reason: 'gate',
      notBefore: START + 60 * SECOND,
      message: expect.stringMatching(/closed for another 60000 ms.*maxDelay \(59999 ms\)/),
    });
    expect(retryReport(error)).toEqual({
      attempts: [{ sentAt: START }],
      gaveUp: 'gate',
      retryAt: START + 60_000,
    });
    expect([server.sent, handle.waits]).toEqual([[], []]);
  });

  it('by maxDelay queues the request if the closing is exactly as long', async () => {
    const { get, clock } = await setUpClosed({}, { maxDelay: 60_000 });
    const ending = get('/x');
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('by maxDelay refuses a retry; the HTTP error is the cause', async () => {
    const onGiveUp = jest.fn();
    const { clock, get, close } = setUp(() => 502, {}, { onGiveUp });
    const ending = get('/x', { retry: { maxDelay: 30_000 } });
    await clock.advance(SECOND);
    await close(busy(60));
    await clock.advance(8 * SECOND);
    expect((await ending).error).toMatchObject({
      code: 'ERR_GATE_CLOSED',
      cause: { response: { status: 502 } },
    });
    expect(onGiveUp.mock.calls[0]).toMatchObject([{ gaveUp: 'gate' }, { retryNumber: 1 }]);
  });

  it('by maxElapsed refuses a first attempt whose wait would exceed it', async () => {
    const { get, clock, endings } = await setUpClosed();
    const refused = await get('/x', { retry: { maxElapsed: 59_999 } });
    expect(refused.error).toMatchObject({
      code: 'ERR_GATE_CLOSED',
      reason: 'gate',
      message: expect.stringMatching(/maxElapsed \(59999 ms\)/),
    });
    get('/y', { retry: { maxElapsed: 60_000 } });
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/x' }, { url: '/y', status: 200 }]);
  });

  it.each([
    [67_999, undefined],
    [67_998, 'ERR_GATE_CLOSED'],
  ])(
    'by maxElapsed %d refuses a retry by the time since its first attempt: %s',
    async (...given) => {
      const [maxElapsed, code] = given;
      const { clock, get, close } = setUp(({ index }) => (index === 0 ? 502 : 200));
      const ending = get('/x', { retry: { maxElapsed } });
      await clock.advance(8 * SECOND - 1);
      await close(busy(60));
      await clock.runAll();
      const { error } = await ending;
      expect((error as { code?: string } | undefined)?.code).toBe(code);
    },
  );

  it('does not count the wait of a first attempt in maxElapsed', async () => {
    const { clock, get, server } = await setUpClosed({}, { maxElapsed: 60_000 });
    server.answer = ({ index }) => (index === 0 ? 502 : 200);
    const ending = get('/x');
    await clock.runAll();
    expect((await ending).status).toBe(200);
  });

  it('refuses queued requests when the closing is extended', async () => {
    const { clock, getAll, endings, server } = setUp(
      ({ url, index }) => extending(url, index),
      {},
      { maxDelay: 80 * SECOND },
    );
    getAll('/late', '/soon');
    await clock.advance(0);
    getAll('/x', '/y');
    await clock.advance(10 * SECOND - 1);
    expect(endings).toEqual([]);
    await clock.advance(1);
    expect(endings).toMatchObject([
      { url: '/late', status: 429 },
      { url: '/x', error: { code: 'ERR_GATE_CLOSED' } },
      { url: '/y', error: { code: 'ERR_GATE_CLOSED' } },
    ]);
    await clock.runAll();
    expect(server.urls).toEqual(['/late', '/soon', '/soon']);
  });
});

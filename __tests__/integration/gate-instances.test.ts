import axios from 'axios';
import { attachRetry } from '../../src/index.js';
import { HOUR, ORIGIN, SECOND, START, setUpClosed } from '../support/gate-client.js';
import { endingOf, stubClock } from '../support/stub-server.js';

describe('instances that share a gate', () => {
  it('are all closed by one response, by the clock of the first instance', async () => {
    const { clock, gate, server, get, handle } = await setUpClosed();
    const other = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    const otherClock = stubClock(START + 12 * HOUR);
    const otherHandle = attachRetry(other, { clock: otherClock, gate });
    get('/one');
    endingOf('/two', other.get('/two'));
    await clock.advance(0);
    expect(otherHandle.waits).toMatchObject([{ url: '/two', dueAt: START + 60 * SECOND }]);
    expect(handle.waits).toMatchObject([{ url: '/one' }]);
    await clock.runAll();
    expect(server.urls).toEqual(['/one', '/two']);
  });

  it('each list their own waits', async () => {
    const { clock, gate, server, getAll, handle, endings } = await setUpClosed();
    const other = axios.create({ adapter: server.adapter, baseURL: ORIGIN });
    const otherHandle = attachRetry(other, { clock, gate });
    getAll('/one');
    const two = endingOf('/two', other.get('/two'));
    await clock.advance(0);
    otherHandle.detach();
    expect(axios.isCancel((await two).error)).toBe(true);
    expect(handle.waits).toMatchObject([{ url: '/one' }]);
    await clock.runAll();
    expect(endings).toMatchObject([{ url: '/one', status: 200 }]);
  });

  it('keep the gate closed when one of them is attached again', async () => {
    const { clock, gate, api, server, getAll } = await setUpClosed();
    getAll('/before');
    await clock.advance(0);
    attachRetry(api, { clock, gate });
    getAll('/after');
    await clock.advance(59 * SECOND);
    expect(server.sent).toEqual([]);
    await clock.advance(SECOND);
    expect(server.urls).toEqual(['/after']);
  });
});

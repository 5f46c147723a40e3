import axios from 'axios';
import { attachRetry } from '../../src/index.js';
import { closed, HOUR, ORIGIN, SECOND, START } from '../support/gate-client.js';
import { endingOf, stubClock } from '../support/stub-server.js';

describe('several instances', () => {
  it('share what one answer said, on the clock of the first', async () => {
    const { clock, gate, server, get, handle } = await closed();
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

  it('wait each by its own handle', async () => {
    const { clock, gate, server, getAll, handle, endings } = await closed();
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

  it('go on when an instance is attached again', async () => {
    const { clock, gate, api, server, getAll } = await closed();
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

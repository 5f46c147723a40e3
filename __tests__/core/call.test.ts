import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AxiosAdapter } from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import { failureOf } from '../support/failure-of.js';
import { setUp } from '../support/scripted-client.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a call that waits', () => {
  it('has the instance’s present default headers when it is handed over', async () => {
    const deferral = createDeferral({ save: () => undefined });
    const { api, clock, get } = setUp([503], { deferral });
    const { common } = api.defaults.headers;
    api.defaults.baseURL = 'https://api.example';
    common['Accept-Language'] = 'de';
    const request = failureOf(get({ headers: { Prefer: 'wait=5' } }));
    await clock.advance(0);
    common['Accept-Language'] = 'fr';
    const [ticket] = await deferral.suspend();
    await request;
    expect(ticket?.headers).toMatchObject({ 'Accept-Language': 'fr', Prefer: 'wait=5' });
  });

  it('holds no config of an attempt that no interceptor can have changed, to save memory', async () => {
    const { api, clock, get, handle } = setUp([503]);
    const adapter = api.defaults.adapter as AxiosAdapter;
    let headers: WeakRef<object> | undefined;
    api.defaults.adapter = (config) => {
      headers = new WeakRef(config.headers);
      return adapter(config);
    };
    const request = failureOf(get());
    await clock.advance(0);
    for (let i = 0; i < 8 && headers?.deref() !== undefined; i += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    expect(handle.waits).toHaveLength(1);
    expect(headers).toBeDefined();
    expect(headers?.deref()).toBeUndefined();
    handle.detach();
    await request;
  });
});

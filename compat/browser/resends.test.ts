// Chromium resends some requests itself, without Axios. docs/guides/browsers.md describes it; the suite skips these cases.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import { Stage } from './stage.js';

let stage: Stage;
before(async () => {
  stage = await Stage.start();
});
after(() => stage.close());

/** How often Chromium sends one plain `fetch` on a reused connection. */
async function sends(...answers: Reply[]): Promise<number> {
  const server = await stage.serve(200, ...answers);
  const page = await stage.open();
  await page.evaluate(async (url) => {
    await (await fetch(`${url}/first`)).text();
    await fetch(`${url}/second`).catch(() => undefined);
  }, server.url);
  await page.close();
  return (await server.received()).length - 1;
}

describe('a bare fetch in Chromium', () => {
  it('is sent again after a 425', async () => assert.equal(await sends(425, 200), 2));

  it('is sent again after a 408', async () => assert.equal(await sends(408, 200), 2));

  it('is sent again when its connection is reset', async () =>
    assert.equal(await sends({ fault: 'reset' }, 200), 2));

  it('is not sent again after a 503', async () => assert.equal(await sends(503, 200), 1));
});

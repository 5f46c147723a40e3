// The headers that a page may read from another origin, and what the plugin does with them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Reply } from '../../__tests__/support/scripted-server.js';
import type { Outcome } from './page.js';
import { Stage } from './stage.js';

let stage: Stage;
before(async () => {
  stage = await Stage.start();
});
after(() => stage.close());

const EXPOSED = 'Retry-After, Date';

function answer(status: number, retryAfter: string, exposed: string): Reply {
  return {
    status,
    headers: { 'Retry-After': retryAfter, 'Access-Control-Expose-Headers': exposed },
  };
}

/** The HTTP-date `seconds` from now. */
function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toUTCString();
}

for (const adapter of ['xhr', 'fetch']) {
  describe(`a page with the ${adapter} adapter`, () => {
    /** The outcome of a GET from another origin, with every wait skipped. */
    async function get(...answers: Reply[]): Promise<Outcome> {
      const { url } = await stage.serve(...answers);
      const page = await stage.open();
      try {
        return await page.evaluate((...given) => globalThis.retryKit.get(...given), url, adapter);
      } finally {
        await page.close();
      }
    }

    it('waits as long as an exposed Retry-After says', async () => {
      const { status, delays } = await get(answer(429, '20', EXPOSED), 200);
      assert.deepEqual({ status, delays }, { status: 200, delays: [20_000] });
    });

    it('measures an exposed date by the exposed Date, not by its own clock', async () => {
      const first = answer(429, inSeconds(-1000), EXPOSED) as { headers: object };
      const { delays } = await get(
        { status: 429, headers: { ...first.headers, Date: inSeconds(-1090) } as never },
        200,
      );
      assert.deepEqual(delays, [90_000]);
    });

    it('measures a date by its own clock where Date is hidden', async () => {
      const hidden = answer(429, inSeconds(90), 'Retry-After') as { headers: object };
      const { delays } = await get(
        { status: 429, headers: { ...hidden.headers, Date: inSeconds(-1000) } as never },
        200,
      );
      assert.ok((delays[0] ?? 0) > 60_000 && (delays[0] ?? 0) <= 90_000, `${delays[0]} ms`);
    });

    it('ends a 429 whose Retry-After is hidden with no-retry-after', async () => {
      assert.deepEqual(await get(answer(429, '20', ''), 200), {
        status: 429,
        code: 'ERR_BAD_REQUEST',
        delays: [],
        gaveUp: 'no-retry-after',
      });
    });

    it('waits the backoff after a 503 whose longer Retry-After is hidden', async () => {
      const { delays } = await get(answer(503, '20', ''), 200);
      assert.deepEqual(delays, [8000]);
    });

    it('takes an answer without CORS headers for a network error', async () => {
      const forbidden = {
        status: 503,
        headers: { 'Access-Control-Allow-Origin': 'http://elsewhere.test' },
      };
      const { status, code, gaveUp } = await get(forbidden, 200);
      assert.deepEqual(
        { status, code, gaveUp },
        { status: undefined, code: 'ERR_NETWORK', gaveUp: 'network' },
      );
    });
  });
}

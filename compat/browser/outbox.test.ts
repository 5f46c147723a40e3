// The outbox in a real Chromium: tabs are closed, and their requests continue.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, BrowserContext } from 'puppeteer-core';
import type { Send } from '../../examples/browser/platform/shop.js';
import { launchChromium } from '../harness/chromium.js';
import { until } from '../suite/test-bed.js';
import type { Look } from './console-page.js';
import { ConsolePage } from './console-page.js';
import { startConsole } from './console-server.js';
import { OutboxPage } from './outbox-page.js';

const LIMIT = { timeout: 60_000 };

let browser: Browser;
let server: Awaited<ReturnType<typeof startConsole>>;
/** A fresh profile for each test; its tabs share IndexedDB, locks and channels. */
let profile: BrowserContext;
let tabs: OutboxPage[];
let logged: number;

before(async () => {
  server = await startConsole();
  browser = await launchChromium();
}, LIMIT);

after(async () => {
  await browser?.close();
  await server?.stop();
}, LIMIT);

beforeEach(async () => {
  profile = await browser.createBrowserContext();
  tabs = [];
  await shop({});
  logged = (await log()).length;
}, LIMIT);

afterEach(async () => {
  for (const tab of [...tabs]) await close(tab);
  await profile.close();
}, LIMIT);

async function open(look?: Look): Promise<OutboxPage> {
  const tab = await OutboxPage.open(profile, new URL('outbox.html', server.url).href, look);
  tabs.push(tab);
  return tab;
}

async function close(tab: OutboxPage): Promise<void> {
  tabs = tabs.filter((one) => one !== tab);
  await tab.close();
}

/** Sets how the shop answers. */
async function shop(mood: { [field in 'refusals' | 'status' | 'retryAfter' | 'pause']?: number }) {
  const query = Object.entries({ refusals: 0, status: 429, pause: 0, ...mood }).map((pair) =>
    pair.join('='),
  );
  await fetch(new URL(`shop/desk?${query.join('&')}`, server.url), { method: 'PUT' });
}

async function log(): Promise<Send[]> {
  return (await fetch(new URL('shop/log', server.url))).json() as Promise<Send[]>;
}

/** The sends of this test. */
async function sends(): Promise<Send[]> {
  return (await log()).slice(logged);
}

async function orders(): Promise<number> {
  const desk = await (await fetch(new URL('shop/desk', server.url))).json();
  return (desk as { orders: number }).orders;
}

describe('a request in the outbox', LIMIT, () => {
  it('goes on in another tab when its own is closed: with its key, a fresh token, and not before its time', async () => {
    await shop({ refusals: 1, retryAfter: 600 });
    const first = await open();
    await first.order('Ada');
    await first.says('Ada', /^retry 1 of 5 in (10:00|9:\d\d)$/);
    const [ticket] = await first.stored();
    await close(first);
    const second = await open();
    await second.says('Ada', /^retry 1 of 5 in [89]:\d\d$/);
    await second.later(300);
    await second.says('Ada', /^retry 1 of 5 in [34]:\d\d$/);
    assert.equal((await sends()).length, 1);
    await second.later(300);
    await second.says('Ada', /^Delivered as order \d+, after 1 retry in 1\d min/);
    assert.deepEqual(await second.stored(), []);
    const [refused, taken, ...more] = await sends();
    assert.deepEqual([refused?.status, taken?.status, more.length], [429, 200, 0]);
    assert.equal(taken?.key, refused?.key);
    assert.equal(ticket?.idempotencyKey, refused?.key);
    assert.deepEqual([ticket?.retries, ticket?.lastStatus], [0, 429]);
    assert.ok((ticket?.notBefore ?? 0) >= (refused?.at ?? 0) + 600_000);
    // Each attempt gets a token; no ticket holds one.
    assert.match(refused?.token ?? '', /^Bearer secret-/);
    assert.notEqual(refused?.token, taken?.token);
    assert.doesNotMatch(JSON.stringify(ticket), /authorization|bearer|secret/i);
  });

  it('goes on when the tab is closed during its first send, and arrives once', async () => {
    await shop({ pause: 20 });
    const before = await orders();
    const first = await open();
    await first.order('Grace');
    await until(async () => (await sends()).length === 1, 'it was not sent');
    await close(first);
    await shop({});
    await (await open()).says('Grace', /^Delivered as order \d+, at once$/);
    const keys = (await sends()).map(({ key }) => key);
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.equal(await orders(), before + 1);
  });

  it('waits for the network, and uses up no retry by that', async () => {
    const tab = await open();
    await tab.page.setOfflineMode(true);
    await tab.order('Tony');
    await tab.says('Tony', /^waiting for the network$/);
    const news = await tab.text('[role="status"]');
    assert.equal(news, 'Offline: nothing is sent until the network is back');
    await tab.page.setOfflineMode(false);
    await tab.says('Tony', /^Delivered as order \d+, at once$/);
    assert.equal((await sends()).length, 1);
  });

  it('is given up after five retries: it says why, also after a reload, and is not kept', async () => {
    await shop({ refusals: 6, status: 503 });
    const tab = await open();
    await tab.order('Barbara');
    for (const retry of [1, 2, 3, 4, 5]) {
      await tab.says('Barbara', new RegExp(`^retry ${retry} of 5 in`));
      await tab.later(8 ** retry);
    }
    await tab.says('Barbara', /^Gave up: still 503 after 5 retries in 10 h 2\d minmax-retries$/);
    assert.match(await tab.text('[role="status"]'), /^Flat white for Barbara: Gave up: still 503/);
    assert.deepEqual(await tab.stored(), []);
    await tab.page.reload();
    await tab.says('Barbara', /^Gave up: still 503/);
    const log = await sends();
    assert.deepEqual([log.length, new Set(log.map(({ key }) => key)).size], [6, 1]);
    await tab.press('Clear');
    await tab.isGone('Barbara');
  });

  it('stays when it fails without a judgment: no token could be had', async () => {
    await shop({ refusals: 1, retryAfter: 60 });
    const tab = await open();
    await tab.order('Edsger');
    await tab.says('Edsger', /^retry 1/);
    await tab.page.evaluate(
      `crypto.randomUUID = () => { throw window.failed = new Error('signed out'); }`,
    );
    await tab.later(60);
    await tab.until('it was to be sent', () => 'failed' in window);
    await tab.says('Edsger', /^being sent, retry 1 of 5$/);
    assert.equal((await tab.stored()).length, 1);
    await tab.page.reload();
    await tab.says('Edsger', /^retry 1/);
    await tab.later(60);
    await tab.says('Edsger', /^Delivered as order \d+, after 1 retry/);
    assert.equal((await sends()).length, 2);
  });

  it('is not sent any more once it is discarded, by any tab', async () => {
    await shop({ refusals: 1, retryAfter: 60 });
    const working = await open();
    await working.turn('This tab sends');
    const looking = await open();
    await looking.order('Alan');
    await looking.says('Alan', /^retry 1/);
    await looking.press('Discard, Flat white for Alan');
    await looking.isGone('Alan');
    await working.isGone('Alan');
    assert.equal(await looking.page.evaluate('document.activeElement.textContent'), 'Orders');
    await working.later(60);
    await working.order('Ada');
    await looking.says('Ada', /^Delivered/);
    assert.deepEqual(
      (await sends()).map(({ status }) => status),
      [429, 200],
    );
    assert.deepEqual(await looking.stored(), []);
  });
});

describe('of two tabs', LIMIT, () => {
  it('one sends what both put in; when it is closed, the other does', async () => {
    await shop({ refusals: 2, retryAfter: 60 });
    const working = await open();
    await working.turn('This tab sends');
    const looking = await open();
    await looking.turn('Another tab sends; this one watches');
    let sent = 0;
    looking.page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1;
    });
    await looking.order('Grace');
    await working.order('Ada');
    for (const tab of [looking, working]) {
      await tab.says('Grace', /^retry 1/);
      await tab.says('Ada', /^retry 1/);
    }
    assert.equal(sent, 0);
    await close(working);
    await looking.turn('This tab sends');
    await looking.later(60);
    await looking.says('Grace', /^Delivered/);
    await looking.says('Ada', /^Delivered/);
    assert.equal(sent, 2);
    const log = await sends();
    const keys = [...new Set(log.map(({ key }) => key))];
    const statuses = keys.map((key) =>
      log.filter((send) => send.key === key).map(({ status }) => status),
    );
    assert.deepEqual(statuses, [
      [429, 200],
      [429, 200],
    ]);
  });
});

describe('the page', LIMIT, () => {
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    it(`is sound in ${scheme} colours, ${width} pixels wide: axe finds nothing, nothing scrolls sideways`, async () => {
      const tab = await open({ scheme, width });
      async function check(state: string): Promise<void> {
        assert.deepEqual(await tab.violations(), [], state);
        assert.ok(!(await tab.isTooWide()), `scrolls sideways: ${state}`);
      }
      await tab.turn('This tab sends');
      await check('nothing ordered');
      await tab.order('Ada');
      await tab.says('Ada', /^Delivered/);
      await shop({ refusals: 1, status: 500 });
      await tab.order('Barbara');
      await tab.says('Barbara', /^Gave up: 500/);
      await shop({ refusals: 1, retryAfter: 600 });
      await tab.order('Grace');
      await tab.says('Grace', /^retry 1/);
      await tab.page.setOfflineMode(true);
      await tab.order('Tony');
      await tab.page.click('summary');
      await check('one waits, one waits for the network, others are over');
    });
  }

  it('is linked from the first one', async () => {
    const first = await ConsolePage.open(profile, server.url);
    await first.press('Outbox', 'link');
    await first.until('it is there', () => document.querySelector('.turn'));
    await first.press('Status console', 'link');
    await first.until('it is back', () => document.querySelector('.compose'));
    await first.close();
  });
});

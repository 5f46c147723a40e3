// The pages of the site that run the status console and the outbox, in a real Chromium and without a server's help.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Look } from '../../compat/browser/console-page.js';
import { ConsolePage } from '../../compat/browser/console-page.js';
import { OutboxPage } from '../../compat/browser/outbox-page.js';
import { launchChromium } from '../../compat/harness/chromium.js';
import { serveSite } from './built-site.js';

const LIMIT = { timeout: 120_000 };

type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Tab = ConsolePage['page'];

let browser: Browser;
let server: Awaited<ReturnType<typeof serveSite>>;
/** A fresh profile for each test: no service worker, nothing in IndexedDB. */
let profile: Awaited<ReturnType<Browser['createBrowserContext']>>;

before(async () => {
  server = await serveSite();
  browser = await launchChromium();
}, LIMIT);

after(async () => {
  await browser?.close();
  await server?.close();
}, LIMIT);

beforeEach(async () => {
  profile = await browser.createBrowserContext();
}, LIMIT);

afterEach(() => profile.close(), LIMIT);

async function openTab(path: string, look?: Look): Promise<Tab> {
  return (await ConsolePage.open(profile, new URL(path, server.url).href, look)).page;
}

async function frameOf(tab: Tab) {
  const element = await tab.waitForSelector('iframe');
  const frame = await element?.contentFrame();
  assert.ok(frame);
  // Both the site's script and React have run.
  await frame.waitForSelector('[data-framed] h1');
  return frame;
}

async function openConsole(look?: Look): Promise<ConsolePage> {
  const tab = await openTab('try/console', look);
  return new ConsolePage(tab, await frameOf(tab));
}

/** Stops the service worker, as a browser does when it is idle; the next request starts it again. */
async function stopWorker(tab: Tab): Promise<void> {
  const devTools = await tab.createCDPSession();
  await devTools.send('ServiceWorker.enable');
  const stopped = new Promise<void>((resolve) => {
    devTools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) resolve();
    });
  });
  await devTools.send('ServiceWorker.stopAllWorkers');
  await stopped;
  await devTools.detach();
}

describe('the console in its frame', LIMIT, () => {
  it('sends requests, and the service worker answers', async () => {
    const console = await openConsole();
    assert.equal(
      await console.text('h1 small'),
      'axios-status-retry, live, against a platform played by this page',
    );
    await console.timeRuns('600×');
    await console.press('Send');
    assert.match(await console.outcome(), /^Succeeded after 2 retries in 7[2-9] s$/);
    await console.compose(429, 1, 'date', '30');
    await console.press('Send');
    assert.match(await console.outcome(), /^Succeeded after 1 retry in 3\d s$/);
    await console.close();
  });

  it('from another origin gives up on a 429 whose Retry-After is hidden from it', async () => {
    const console = await openConsole();
    await console.timeRuns('600×');
    await console.compose(429, 1, 'seconds', '30');
    await console.content.select('#origin', 'hidden');
    await console.press('Send');
    assert.equal(
      await console.outcome(),
      'Gave up: the server sent 429 and hides Retry-After from this originno-retry-after',
    );
    await console.content.select('#origin', 'exposed');
    await console.press('Send');
    assert.match(await console.outcome(), /^Succeeded after 1 retry in 3\d s$/);
    await console.close();
  });

  it('goes on when the browser has stopped the service worker during a wait', async () => {
    const console = await openConsole();
    await console.timeRuns('1×');
    await console.compose(503, 5);
    await console.press('Send');
    for (const retry of [1, 2, 3, 4, 5]) {
      await console.content.waitForFunction(
        (start) => document.querySelector('.actions p')?.textContent?.startsWith(start),
        { polling: 50 },
        `retry ${retry} of 5`,
      );
      await stopWorker(console.page);
      await console.press('Retry now, request 1');
    }
    assert.match(await console.outcome(), /^Succeeded after 5 retries in/);
    await console.close();
  });

  it('works after a forced reload, which a service worker does not control', async () => {
    const { page: tab } = await openConsole();
    const devTools = await tab.createCDPSession();
    await Promise.all([
      tab.waitForNavigation(),
      devTools.send('Page.reload', { ignoreCache: true }),
    ]);
    const console = new ConsolePage(tab, await frameOf(tab));
    await console.timeRuns('600×');
    await console.press('Send');
    assert.match(await console.outcome(), /^Succeeded after 2 retries/);
    await console.close();
  });

  it('follows the dark mode of the site, also after a reload', async () => {
    const console = await openConsole();
    const hasBackground = (frame: ConsolePage['content'], colour: string) =>
      frame.waitForFunction(
        (colour) => getComputedStyle(document.body).backgroundColor === colour,
        { timeout: 10_000 },
        colour,
      );
    await hasBackground(console.content, 'rgb(244, 242, 237)');
    await console.page.click('.VPNavBar .VPSwitchAppearance');
    await hasBackground(console.content, 'rgb(19, 22, 25)');
    await console.page.reload();
    await hasBackground(await frameOf(console.page), 'rgb(19, 22, 25)');
    await console.close();
  });

  it('is as high as its content, and grows with it', async () => {
    const console = await openConsole();
    const fits = () =>
      console.content.waitForFunction(
        () => Math.abs(document.documentElement.offsetHeight - innerHeight) <= 1,
      );
    await fits();
    const before = await console.content.evaluate(() => innerHeight);
    await console.timeRuns('1×');
    await console.press('Send 100');
    await console.waiting();
    await fits();
    assert.ok((await console.content.evaluate(() => innerHeight)) > before);
    await console.close();
  });

  it('sends by the keyboard alone', async () => {
    const console = await openConsole();
    const focused = () =>
      console.content.evaluate(() => document.hasFocus() && document.activeElement?.textContent);
    for (let presses = 0; (await focused()) !== 'Send'; presses += 1) {
      assert.ok(presses < 150, 'Send is not reached');
      await console.page.keyboard.press('Tab');
    }
    await console.page.keyboard.press('Enter');
    await console.waiting();
    await console.close();
  });
});

describe('without service workers', LIMIT, () => {
  it('the frame says in words that it needs them', async () => {
    const tab = await profile.newPage();
    await tab.evaluateOnNewDocument('delete Navigator.prototype.serviceWorker');
    await tab.goto(new URL('play/index.html', server.url).href);
    const words = await tab.waitForSelector('.problem');
    assert.match(
      (await words?.evaluate((element) => element.textContent)) ?? '',
      /^This page needs a service worker, which the browser does not allow here/,
    );
  });
});

describe('the outbox in its frame', LIMIT, () => {
  it('keeps a refused order over a reload, and delivers it once', async () => {
    const tab = await openTab('try/outbox');
    const first = new OutboxPage(tab, await frameOf(tab));
    await first.press('Apply');
    await first.until('the shop says so', () =>
      document.querySelector('.desk')?.textContent?.startsWith('Refuses the next 2 sends'),
    );
    await first.order('Ada');
    await first.says('Ada', /^retry 1 of 5 in 0:0\d$/);
    await stopWorker(tab);
    await tab.reload();
    const second = new OutboxPage(tab, await frameOf(tab));
    await second.says('Ada', /^retry 2 of 5 in (1:0\d|0:5\d)$/);
    await second.later(64);
    await second.says('Ada', /^Delivered as order 1, after 2 retries/);
    const log = await second.content.evaluate(async () => (await fetch('shop/log')).json());
    const sends = log as { key: string; status: number }[];
    assert.deepEqual(
      sends.map(({ status }) => status),
      [503, 503, 200],
    );
    assert.equal(new Set(sends.map(({ key }) => key)).size, 1);
    assert.deepEqual(await second.stored(), []);
    await second.close();
  });
});

describe('a page with a frame', LIMIT, () => {
  for (const path of ['try/console', 'try/outbox']) {
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [1280, 360]) {
        it(`${path} is sound in ${scheme} colours, ${width} pixels wide`, async () => {
          const tab = await openTab(path, { scheme, width });
          const [outer, inner] = [new ConsolePage(tab), new ConsolePage(tab, await frameOf(tab))];
          assert.deepEqual(await inner.violations(), []);
          // This includes the frame, where axe is, too. The rest of the page is VitePress's.
          assert.deepEqual(await outer.violations('.vp-doc'), []);
          for (const one of [inner, outer]) assert.ok(!(await one.isTooWide()), 'too wide');
          await inner.close();
        });
      }
    }
  }
});

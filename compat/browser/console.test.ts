// The status console in a real Chromium, served as its README says.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChromium } from '../harness/chromium.js';
import type { Look } from './console-page.js';
import { ConsolePage } from './console-page.js';
import { startConsole } from './console-server.js';

const LIMIT = { timeout: 120_000 };

let browser: Browser;
let server: Awaited<ReturnType<typeof startConsole>>;
let page: ConsolePage;

before(async () => {
  server = await startConsole();
  browser = await launchChromium();
}, LIMIT);

after(async () => {
  await browser?.close();
  await server?.stop();
}, LIMIT);

// An error on the page fails the test.
afterEach(() => page?.close(), LIMIT);

async function open(look?: Look): Promise<void> {
  page = await ConsolePage.open(browser, server.url, look);
}

describe('one request', LIMIT, () => {
  it('that gets 503 waits, with its row lit, and tells in words what it took', async () => {
    await open();
    await page.timeRuns('1×');
    await page.press('Send');
    await page.waiting();
    assert.match(await page.text('[role="timer"]'), /^0:0[678]$/);
    assert.match(await page.text('.batch .actions p'), /^retry 1 of 5 in 0:0\d$/);
    assert.match(await page.text('[role="status"]'), /^Request 1: 503, retry 1 of 5 in 8 s$/);
    assert.ok(await page.isLit(503, 'waiting'));
    assert.ok(!(await page.isLit(200)));
    await page.timeRuns('600×');
    const words = await page.outcome();
    assert.match(words, /^Succeeded after 2 retries in 7[2-9] s$/);
    assert.equal(await page.text('[role="status"]'), `Request 1: ${words}`);
    assert.equal(await page.text('.batch .track'), '5038 s50364 s200');
    assert.ok(await page.isLit(200));
    assert.ok(!(await page.isLit(503, 'waiting')));
  });

  it('is sent at once by Retry now', async () => {
    await open();
    await page.timeRuns('1×');
    await page.compose(503, 1);
    await page.press('Send');
    await page.waiting();
    await page.press('Retry now, request 1');
    assert.match(await page.outcome(), /^Succeeded after 1 retry in (\d+ ms|[1-7] s)$/);
    assert.match(await page.text('.batch .wait'), /^(\d+ ms|[0-7] s) of 8 s$/);
  });

  it('is ended by Cancel', async () => {
    await open();
    await page.timeRuns('1×');
    await page.press('Send');
    await page.waiting();
    await page.press('Cancel, request 1');
    assert.equal(
      await page.outcome(),
      'Cancelled after no retries; the last answer was 503canceled',
    );
    assert.equal(await page.text('.waiting'), '');
  });

  it('that gives up says why', async () => {
    await open();
    await page.timeRuns('600×');
    const why: [Parameters<ConsolePage['compose']>, string][] = [
      [[429, 2], 'the server sent 429 without Retry-Afterno-retry-after'],
      [
        [429, 2, 'text', 'soon'],
        'the server sent 429 with an invalid Retry-After, “soon”no-retry-after',
      ],
      [[500, 1], '500 Internal Server Error is never retriedstatus'],
      [[418, 1], '418 is not in the table, so it is never retriedstatus'],
      [[503, 1, 'seconds', '100000'], 'the server asks for a wait of more than a daymax-delay'],
      [[529, 9, 'seconds', '0'], 'still 529 after 5 retries in'],
    ];
    for (const [scenario, words] of why) {
      await page.compose(...scenario);
      await page.press('Send');
      assert.ok((await page.outcome()).startsWith(`Gave up: ${words}`), await page.outcome());
      assert.ok(await page.isLit(scenario[0] === 418 ? ('other' as never) : scenario[0]));
    }
  });

  for (const speed of ['10×', '60×', '600×'] as const) {
    it(`waits until the date that the server gives, when time runs ${speed}`, async () => {
      await open();
      await page.timeRuns(speed);
      await page.compose(429, 1, 'date', '30');
      await page.press('Send');
      // HTTP dates have whole seconds.
      assert.match(await page.outcome(), /^Succeeded after 1 retry in 3\d s$/);
      assert.equal(await page.text('.batch .wait[data-basis="retry-after"]'), '30 s');
    });
  }

  it('from another origin gives up on a 429 whose Retry-After is hidden from it', async () => {
    await open();
    await page.timeRuns('600×');
    await page.compose(429, 1, 'seconds', '30');
    await page.page.select('#origin', 'hidden');
    await page.press('Send');
    assert.equal(
      await page.outcome(),
      'Gave up: the server sent 429 and hides Retry-After from this originno-retry-after',
    );
    await page.page.select('#origin', 'exposed');
    await page.press('Send');
    assert.match(await page.outcome(), /^Succeeded after 1 retry in 3\d s$/);
  });
});

describe('a hundred requests', LIMIT, () => {
  it('all end, and the page speaks twice: when they are sent and when they are over', async () => {
    await open();
    await page.timeRuns('600×');
    await page.page.evaluate(`
      window.spoken = [];
      const region = document.querySelector('[role="status"]');
      new MutationObserver(() => spoken.push(region.textContent)).observe(region, {
        childList: true, characterData: true, subtree: true,
      });
    `);
    await page.press('Send 100');
    await page.until('they are over', () =>
      document.querySelector('[role="status"]')?.textContent?.startsWith('All'),
    );
    assert.deepEqual(await page.page.evaluate('spoken'), [
      '100 requests sent',
      'All 100 requests are over: 100 succeeded',
    ]);
    assert.equal((await page.page.$$('.outcome')).length, 100);
    assert.ok(!(await page.page.$('[role="timer"]')));
  });

  it('count down on one tick', async () => {
    await open();
    await page.page.evaluate(`
      window.most = 0;
      let asked = 0;
      const frame = requestAnimationFrame;
      requestAnimationFrame = (run) => {
        most = Math.max(most, ++asked);
        return frame((time) => { asked -= 1; run(time); });
      };
      const cancel = cancelAnimationFrame;
      cancelAnimationFrame = (id) => { asked = 0; cancel(id); };
    `);
    await page.timeRuns('1×');
    await page.press('Send 100');
    await page.until('all wait', () => document.querySelectorAll('[role="timer"]').length === 100);
    assert.equal(await page.page.evaluate('most'), 1);
  });

  it('are ended together by Cancel all, and sent together by Retry all now', async () => {
    await open();
    await page.timeRuns('1×');
    await page.compose(503, 1);
    for (const button of ['Retry all now', 'Cancel all']) {
      await page.press('Send 100');
      await page.until(
        'all wait',
        () => document.querySelectorAll('[role="timer"]').length === 100,
      );
      await page.press(button);
      await page.until('they are over', () => !document.querySelector('.actions'));
    }
    assert.equal(await page.text('[role="status"]'), 'All 100 requests are over: 100 cancelled');
  });
});

describe('with a keyboard alone', LIMIT, () => {
  /** The accessible name of the focused element. */
  const focused = (): Promise<string> =>
    page.page.evaluate(() => {
      const element = document.activeElement as HTMLElement & Partial<HTMLInputElement>;
      const label = element.labels?.[0]?.textContent ?? element.textContent ?? '';
      return element.getAttribute('aria-label') ?? (label.trim() || element.tagName);
    });

  /** Presses Tab until `name` has the focus. */
  async function tabTo(name: string): Promise<string[]> {
    const passed: string[] = [];
    while (passed.at(-1) !== name) {
      await page.page.keyboard.press('Tab');
      passed.push(await focused());
      assert.ok(passed.length < 40, `${name} is not reached: ${passed.join(', ')}`);
    }
    return passed;
  }

  it('a request is composed, sent, hurried and cancelled', async () => {
    await open();
    await page.page.keyboard.press('Tab');
    assert.equal(await focused(), 'Outbox');
    await page.page.keyboard.press('Tab');
    assert.equal(await focused(), '10×');
    await page.page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), '1×');
    await tabTo('503 Service Unavailable');
    await page.page.keyboard.press('ArrowDown');
    await tabTo('Failures before 200');
    await page.page.keyboard.type('3');
    await tabTo('Send');
    await page.page.keyboard.press('Enter');
    await page.waiting();
    await tabTo('Retry now, request 1');
    await page.page.keyboard.press('Enter');
    await page.until('it waits again', () =>
      document.querySelector('.actions')?.textContent?.startsWith('retry 2 of 5'),
    );
    // The button keeps the focus while the request is in flight.
    assert.equal(await focused(), 'Retry now, request 1');
    await tabTo('Cancel, request 1');
    await page.page.keyboard.press('Enter');
    assert.match(await page.outcome(), /^Cancelled after 1 retry; the last answer was 504/);
    // When the button is gone, its row has the focus.
    assert.match(await focused(), /^Request 1/);
  });

  it('everything is reached in the order it is read, shows its focus, and nothing is a trap', async () => {
    await open();
    await page.timeRuns('1×');
    await page.compose(429, 1, 'seconds', '60');
    await page.press('Send');
    await page.waiting();
    await page.timeRuns('1×');
    const order = await tabTo('Cancel, request 1');
    const inner = order.slice(order.indexOf('Other status'));
    assert.deepEqual(inner, [
      'Other status',
      'Failures before 200',
      'Retry-After',
      'Seconds',
      'From',
      'Send',
      'Send 100',
      'Retry all now',
      'Cancel all',
      'Clear',
      'Retry now, request 1',
      'Cancel, request 1',
    ]);
    assert.ok((await tabTo('1×')).length <= 3, 'the focus does not leave the page at its end');
    assert.ok((await tabTo('429 Too Many Requests')).length === 1);
    // The focus is visible: as an outline of the element, its row or its label.
    for (let i = 0; i < 13; i += 1) {
      const shows = await page.page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        return [at, at.closest('tr'), at.nextElementSibling].some(
          (one) => one && getComputedStyle(one).outlineStyle === 'solid',
        );
      });
      assert.ok(shows, `${await focused()} does not show that it has the focus`);
      await page.page.keyboard.press('Tab');
    }
  });
});

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    describe(`in ${scheme} colours, ${width} pixels wide`, LIMIT, () => {
      async function check(state: string): Promise<void> {
        assert.deepEqual(await page.violations(), [], state);
        assert.ok(!(await page.isTooWide()), `scrolls sideways: ${state}`);
      }

      it('axe finds nothing, and nothing scrolls sideways', async () => {
        await open({ scheme, width });
        await check('nothing sent');
        await page.timeRuns('1×');
        await page.compose(429, 1, 'seconds', '30000000');
        await page.press('Send');
        await page.outcome();
        await page.compose(529, 5, 'seconds', '80000');
        await page.press('Send');
        await page.waiting();
        await page.press('Cancel, request 2');
        await page.outcome();
        await page.compose(200, 0);
        await page.press('Send');
        await page.compose(504, 5);
        await page.press('Send');
        await page.waiting();
        await check('one waits, others are over');
        await page.press('Send 100');
        await page.until(
          'all wait',
          () => document.querySelectorAll('[role="timer"]').length === 101,
        );
        await check('a hundred wait');
      });

      it('the label of a wait can be read on both parts of its bar', async () => {
        await open({ scheme, width });
        await page.timeRuns('1×');
        await page.press('Send');
        await page.compose(429, 1, 'seconds', '60');
        await page.press('Send');
        await page.until(
          'both wait',
          () => document.querySelectorAll('[role="timer"]').length === 2,
        );
        const contrasts = await page.contrasts('.batch .wait', 'span', 'i');
        assert.equal(contrasts.length, 4);
        for (const contrast of contrasts) assert.ok(contrast >= 4.5, contrasts.join(', '));
      });
    });
  }
}

describe('for who wants less motion', LIMIT, () => {
  it('nothing is animated, and the countdown goes on', async () => {
    await open({ motion: 'reduce' });
    await page.timeRuns('1×');
    await page.press('Send');
    await page.waiting();
    const moving = await page.page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .map((element) => getComputedStyle(element))
        .filter((style) => style.animationName !== 'none' || style.transitionDuration !== '0s'),
    );
    assert.deepEqual(moving, []);
    const left = await page.text('[role="timer"]');
    await page.page.waitForFunction(
      (left) => document.querySelector('[role="timer"]')?.textContent !== left,
      {},
      left,
    );
  });
});

// Every page of the built site: its links, its search, and how it looks in a real Chromium.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConsolePage } from '../../compat/browser/console-page.js';
import { launchChromium } from '../../compat/harness/chromium.js';
import { BASE, DIST, serveSite } from './built-site.js';

const LIMIT = { timeout: 600_000 };

/** The pages by their paths below the base, as links name them: `guides/limits`; the home page is `''`. */
const pages = new Map(
  readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html') && !/^(404\.html|play\/)/.test(file))
    .map((file) => [
      file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1'),
      readFileSync(join(DIST, file), 'utf8'),
    ]),
);

const decode = (text: string): string => decodeURIComponent(text.replaceAll('&amp;', '&'));

/** The site's own links on a page, below the base. */
function linksOn(html: string, path: string): { to: string; anchor: string }[] {
  return [...html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].flatMap(([, href = '']) => {
    const url = new URL(decode(href), `http://site${BASE}${path}`);
    if (url.host !== 'site') return [];
    return [{ to: url.pathname.slice(BASE.length), anchor: decode(url.hash.slice(1)) }];
  });
}

const idsOn = (html: string): Set<string> =>
  new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => decode(id)));

/** A table that compares things has nothing to say in its corner. */
const isFault = (violation: string): boolean => !violation.startsWith('empty-table-header');

describe('the links', () => {
  it('lead to pages and anchors that exist', () => {
    const ids = new Map([...pages].map(([path, html]) => [path, idsOn(html)]));
    const dead = [...pages].flatMap(([path, html]) =>
      linksOn(html, path)
        .filter(({ to, anchor }) => {
          if (to.startsWith('play/')) return false;
          const target = ids.get(to);
          return target === undefined || (anchor !== '' && !target.has(anchor));
        })
        .map(({ to, anchor }) => `${path}: ${to}#${anchor}`),
    );
    assert.deepEqual(dead, []);
  });

  it('lead from the side bar to every page', () => {
    const [, home = ''] = [...pages].find(([path]) => path === 'learn') ?? [];
    const listed = new Set(linksOn(home, 'learn').map(({ to }) => to));
    const unlisted = [...pages.keys()].filter((path) => path !== '' && !listed.has(path));
    assert.deepEqual(unlisted, ['reference/api/entries']);
  });
});

describe('in Chromium', { ...LIMIT, concurrency: 2 }, () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let server: Awaited<ReturnType<typeof serveSite>>;

  before(async () => {
    server = await serveSite();
    browser = await launchChromium();
  }, LIMIT);

  after(async () => {
    await browser?.close();
    await server?.close();
  }, LIMIT);

  const open = (path: string, look: Parameters<typeof ConsolePage.open>[2]) =>
    ConsolePage.open(browser, new URL(path, server.url).href, look);

  for (const [scheme, width, rules] of [
    ['light', 1280, undefined],
    // The other rules do not depend on the colours.
    ['dark', 360, ['color-contrast']],
  ] as const) {
    it(`axe finds nothing on any page, and none scrolls sideways: ${scheme}, ${width} pixels`, async () => {
      const found: string[] = [];
      const page = await open('', { scheme, width });
      for (const path of pages.keys()) {
        await page.page.goto(new URL(path, server.url).href);
        // The rest is VitePress's.
        const violations = await page.violations(path === '' ? '.VPHome' : '.vp-doc', rules);
        found.push(...violations.filter(isFault).map((one) => `${path}: ${one}`));
        if (await page.isTooWide()) found.push(`${path} is too wide`);
      }
      await page.close();
      assert.deepEqual(found, []);
    });
  }

  it('the search finds an option, by the keyboard alone', async () => {
    const page = await open('', { scheme: 'light' });
    await page.page.keyboard.press('/');
    await page.page.waitForSelector('#localsearch-input');
    await page.page.keyboard.type('totalTimeout');
    await page.page.waitForSelector('#localsearch-list li a');
    await page.page.keyboard.press('Enter');
    await page.until('a page is open that has it', () =>
      document.querySelector('.vp-doc')?.textContent?.includes('totalTimeout'),
    );
    await page.close();
  });

  it('a phone has the side bar behind a button', async () => {
    const page = await open('learn', { width: 360 });
    await page.page.click('.VPLocalNav .menu');
    await page.page.waitForSelector('.VPSidebar.open');
    await page.close();
  });
});

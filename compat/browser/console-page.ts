// Drives the status console in a browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'puppeteer-core';
import { EXAMPLE } from './console-server.js';

const PATIENCE = 45_000;
const AXE = readFileSync(join(EXAMPLE, 'node_modules/axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly motion?: 'reduce' | 'no-preference';
}

/** Finds buttons and fields by their names, as a person does. */
export class ConsolePage {
  readonly #errors: string[] = [];

  /** @param content - Where the console is: the page itself, or a frame of it. */
  constructor(
    readonly page: Page,
    readonly content: Page | Frame = page,
  ) {
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => void this.#errors.push(String(error)));
    page.on('console', (message) => {
      // Chromium logs every failed response; this page is about them.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (!isAnswer && message.type() === 'error') this.#errors.push(message.text());
    });
  }

  static async open<P extends ConsolePage>(
    this: new (
      page: Page,
    ) => P,
    browser: Pick<Browser, 'newPage'>,
    url: string,
    look: Look = {},
  ): Promise<P> {
    const { width = 1280, scheme = 'light', motion = 'no-preference' } = look;
    const page = new this(await browser.newPage());
    await page.page.setViewport({ width, height: 800 });
    await page.page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: motion },
    ]);
    await page.page.goto(url);
    // React may render after the load event; before, a key has nothing to reach.
    await page.page.waitForSelector('h1');
    return page;
  }

  /** Closes the page; fails if there was an error on it. */
  async close(): Promise<void> {
    await this.page.close();
    assert.deepEqual(this.#errors, []);
  }

  async press(name: string, role = 'button'): Promise<void> {
    await this.#click(`::-p-aria([name="${name}"][role="${role}"])`);
  }

  async #click(selector: string): Promise<void> {
    const element = await this.content.waitForSelector(selector);
    // A sticky header may cover an element at the edge.
    await element?.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await element?.click();
  }

  async timeRuns(speed: '1×' | '10×' | '60×' | '600×'): Promise<void> {
    await this.press(speed, 'radio');
  }

  /** Fills in the platform's answer: a status, how often, and Retry-After as the form takes it. */
  async compose(
    status: number,
    failures: number,
    retryAfter: 'none' | 'seconds' | 'date' | 'text' = 'none',
    value?: string,
  ): Promise<void> {
    const isListed = (await this.content.$(`#status-${status}`)) !== null;
    await this.#click(`#status-${isListed ? status : 'other'}`);
    if (!isListed) await this.fill('Other status', String(status));
    await this.fill('Failures before 200', String(failures));
    await this.content.select('#retry-after', retryAfter);
    if (retryAfter !== 'none' && value !== undefined) {
      await this.fill(
        { seconds: 'Seconds', date: 'Seconds ahead', text: 'Text' }[retryAfter],
        value,
      );
    }
  }

  async fill(name: string, value: string): Promise<void> {
    const field = await this.content.waitForSelector(`::-p-aria([name="${name}"])`);
    await field?.evaluate((element) => (element as HTMLInputElement).select());
    await field?.type(value);
  }

  /** Waits until `ready` returns true; it runs in the page. */
  async until(what: string, ready: () => unknown): Promise<void> {
    await this.content.waitForFunction(ready, { polling: 50 }).catch((cause) => {
      throw new Error(`not so within ${PATIENCE} ms: ${what}`, { cause });
    });
  }

  async waiting(): Promise<void> {
    await this.until('a request waits', () => document.querySelector('[role="timer"]'));
  }

  /** The text of the newest request, once there is one. */
  async outcome(): Promise<string> {
    await this.until('the newest request is over', () =>
      document.querySelector('.batch:first-of-type .outcome'),
    );
    return this.text('.batch:first-of-type .outcome');
  }

  text(selector: string): Promise<string> {
    return this.content.$eval(selector, (element) => element.textContent?.trim() ?? '');
  }

  async isLit(status: number, by: 'lit' | 'waiting' = 'lit'): Promise<boolean> {
    return (await this.content.$(`tr[data-${by}] #status-${status}`)) !== null;
  }

  /** The violations that axe-core finds within an element, briefly; of all rules, or of some. */
  async violations(within = ':root', rules?: readonly string[]): Promise<string[]> {
    await this.content.evaluate(AXE);
    const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
    const found = await this.content.evaluate(`axe.run('${within}', ${JSON.stringify(options)})`);
    const { violations } = found as {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    };
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
    );
  }

  /** Contrasts of the text of `inner` in each `outer`, against its background and that of `other`. */
  async contrasts(outer: string, inner: string, other: string): Promise<number[]> {
    const colours = await this.content.$$eval(
      outer,
      (elements, inner, other) =>
        elements.flatMap((element) => {
          const text = getComputedStyle(element.querySelector(inner) as Element).color;
          return [element, element.querySelector(other) as Element].map((behind) => [
            text,
            getComputedStyle(behind).backgroundColor,
          ]);
        }),
      inner,
      other,
    );
    return colours.map(([text = '', behind = '']) => contrast(text, behind));
  }

  isTooWide(): Promise<boolean> {
    return this.content.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  }
}

/** The contrast of two computed colours (`rgb(28, 33, 38)`) by WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channels = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  const [r = 0, g = 0, b = 0] = channels.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

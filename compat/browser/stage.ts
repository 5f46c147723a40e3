import type { Browser, Page } from 'puppeteer-core';
import { launchChromium } from '../harness/chromium.js';
import type { Pages } from '../harness/pages.js';
import { startPages } from '../harness/pages.js';
import type { Platform } from '../harness/platform.js';
import { startPlatform } from '../harness/platform.js';
import { bundleForPage } from '../harness/workplace.js';
import type { Answer, Server } from '../suite/environment.js';
import { scriptedServer } from '../suite/scripted-server.js';

/** One browser, pages that have `kit`, and a server of another origin. */
export class Stage {
  private constructor(
    readonly browser: Browser,
    readonly pages: Pages,
    readonly platform: Platform,
  ) {}

  static async set(): Promise<Stage> {
    const script = await bundleForPage('browser/page.ts');
    const pages = await startPages(() => script);
    const platform = await startPlatform();
    // Last, as a browser would be left open if another could not start.
    return new Stage(await launchChromium(), pages, platform);
  }

  async open(): Promise<Page> {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${this.pages.url}/page`);
    return page;
  }

  serve(...answers: Answer[]): Promise<Server> {
    return scriptedServer(this.platform.url, answers);
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.pages.close();
    await this.platform.close();
  }
}

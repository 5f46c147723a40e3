import type { Browser, Page } from 'puppeteer-core';
import type { Reply, ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { startRoutes } from '../../__tests__/support/scripted-server.js';
import { launchChromium } from '../harness/chromium.js';
import type { Pages } from '../harness/pages.js';
import { startPages } from '../harness/pages.js';
import { bundleForPage } from '../harness/workplace.js';
import type { Server } from '../suite/environment.js';
import { remoteServer } from '../suite/remote-server.js';

/** One browser, pages that have `kit`, and a server of another origin. */
export class Stage {
  private constructor(
    readonly browser: Browser,
    readonly pages: Pages,
    readonly server: ScriptedServer,
  ) {}

  static async set(): Promise<Stage> {
    const script = await bundleForPage('browser/page.ts');
    const pages = await startPages(() => script);
    const server = await startRoutes({}, { cors: true, remote: true });
    // Last, as a browser would be left open if another could not start.
    return new Stage(await launchChromium(), pages, server);
  }

  async open(): Promise<Page> {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${this.pages.url}/page`);
    return page;
  }

  serve(...replies: Reply[]): Promise<Server> {
    return remoteServer(this.server.url, replies);
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.pages.close();
    await this.server.close();
  }
}

// The stage of a browser test: Chromium, pages with `retryKit`, and a scripted server of another origin.
import type { Browser, Page } from 'puppeteer-core';
import type { Reply, ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { startRoutes } from '../../__tests__/support/scripted-server.js';
import { launchChromium, startPages } from '../harness/chromium.js';
import { bundleForPage } from '../harness/workplace.js';
import type { Server } from '../suite/environment.js';
import { remoteServer } from '../suite/remote-server.js';

export class Stage {
  private constructor(
    readonly browser: Browser,
    readonly pages: ScriptedServer,
    readonly server: ScriptedServer,
  ) {}

  static async start(): Promise<Stage> {
    const script = await bundleForPage('browser/page.ts');
    const pages = await startPages(() => script);
    const server = await startRoutes({}, { cors: true, remote: true });
    // The browser is last: if one of the servers failed to start, nothing would close it.
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

  async close(): Promise<void> {
    await this.browser.close();
    await this.pages.close();
    await this.server.close();
  }
}

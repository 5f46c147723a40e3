// A page is hidden, loses the network, and is closed. These tests run in real time, so the waits are short.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CDPSession, Page } from 'puppeteer-core';
import type { Server } from '../suite/environment.js';
import { until } from '../suite/test-bed.js';
import { Stage } from './stage.js';

let stage: Stage;
before(async () => {
  stage = await Stage.start();
});
after(() => stage.close());

const LATER = { status: 503, headers: { 'Retry-After': '1' } };

/**
 * A page in which one request waits.
 *
 * @param stopped - Its timers do not run, as on a sleeping machine or in a frozen tab.
 */
async function waiting(server: Server, stopped: boolean): Promise<Page> {
  const page = await stage.open();
  await page.evaluate((...given) => globalThis.retryKit.wait(...given), server.url, stopped);
  return page;
}

async function due(): Promise<void> {
  const end = Date.now() + 1100;
  await until(() => Date.now() > end, 'time stands still');
}

async function sends(server: Server): Promise<number> {
  return (await server.received()).length;
}

async function sentAgain(server: Server): Promise<void> {
  await until(async () => (await sends(server)) === 2, 'it was not sent again');
}

async function setWindow(session: CDPSession, windowState: 'minimized' | 'normal'): Promise<void> {
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
}

describe('a wait in a background tab', () => {
  it('ends there when it is due', async () => {
    const server = await stage.serve(LATER, 200);
    const page = await waiting(server, false);
    const session = await page.createCDPSession();
    await setWindow(session, 'minimized');
    assert.equal(await page.evaluate(() => document.visibilityState), 'hidden');
    await sentAgain(server);
    await setWindow(session, 'normal');
    await page.close();
  });

  it('that is past due ends when the tab is shown, though no timer has run', async () => {
    const server = await stage.serve(LATER, 200);
    const page = await waiting(server, true);
    const session = await page.createCDPSession();
    await setWindow(session, 'minimized');
    await due();
    assert.equal(await sends(server), 1);
    await setWindow(session, 'normal');
    await sentAgain(server);
    await page.close();
  });

  it('ends after the tab was frozen past its time', async () => {
    const server = await stage.serve(LATER, 200);
    const page = await waiting(server, false);
    const session = await page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await due();
    assert.equal(await sends(server), 1);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await sentAgain(server);
    await page.close();
  });
});

describe('a wait while the network is away', () => {
  it('that is past due ends when the network is back, though no timer has run', async () => {
    const server = await stage.serve(LATER, 200);
    const page = await waiting(server, true);
    await page.setOfflineMode(true);
    await due();
    assert.equal(await sends(server), 1);
    await page.setOfflineMode(false);
    await sentAgain(server);
    await page.close();
  });

  it('with networkErrors a request that is made offline is sent when the network is back', async () => {
    const server = await stage.serve(200);
    const page = await stage.open();
    await page.setOfflineMode(true);
    await page.evaluate((url) => globalThis.retryKit.insist(url), server.url);
    assert.equal(await sends(server), 0);
    await page.setOfflineMode(false);
    const outcome = await page.evaluate(() => globalThis.retryKit.outcome());
    assert.equal(outcome?.status, 200);
    assert.equal(await sends(server), 1);
    await page.close();
  });
});

describe('a page that goes away', () => {
  it('sends nothing again, neither from a wait nor after an attempt that it cut off', async () => {
    const waits = await stage.serve(LATER, 200);
    const hangs = await stage.serve({ fault: 'silent' });
    const page = await waiting(waits, false);
    await page.evaluate((url) => void globalThis.retryKit.insist(url), hangs.url);
    await until(async () => (await sends(hangs)) === 1, 'it was not sent');
    await page.goto('about:blank');
    await until(async () => (await hangs.received())[0]?.left === true, 'it was not cut off');
    await due();
    assert.deepEqual([await sends(waits), await sends(hangs)], [1, 1]);
    await page.close();
  });
});

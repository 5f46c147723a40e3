// Drives the outbox in a browser.
import type { RetryTicket } from 'axios-status-retry/deferral';
import { ConsolePage } from './console-page.js';

export class OutboxPage extends ConsolePage {
  async order(name: string): Promise<void> {
    await this.fill('For', name);
    await this.press('Order');
    await this.says(name, /./);
  }

  /** Waits until the order under this name shows these words. */
  async says(name: string, words: RegExp): Promise<void> {
    await this.content
      .waitForFunction(
        (title, pattern) => {
          const rows = [...document.querySelectorAll('.run')];
          const row = rows.find((row) => row.querySelector('h3')?.textContent?.startsWith(title));
          const text = row?.querySelector('.actions p, .outcome')?.textContent ?? '';
          return new RegExp(pattern).test(text);
        },
        { polling: 50 },
        `Flat white for ${name} `,
        words.source,
      )
      .catch(async (cause) => {
        const rows = await this.text('.requests');
        throw new Error(`${name} does not say ${words}: ${rows}`, { cause });
      });
  }

  async isGone(name: string): Promise<void> {
    await this.content.waitForFunction(
      (title) => !document.querySelector('.requests')?.textContent?.includes(title),
      { polling: 50 },
      `Flat white for ${name} `,
    );
  }

  /** Waits until the page says whether this tab sends. */
  async turn(words: string): Promise<void> {
    await this.content.waitForFunction(
      (words) => document.querySelector('.turn')?.textContent === words,
      { polling: 50 },
      words,
    );
  }

  /** Moves this tab's clock ahead, as after sleep. */
  async later(seconds: number): Promise<void> {
    await this.content.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
      dispatchEvent(new Event('pageshow'));
    }, seconds * 1000);
  }

  /** The tickets in IndexedDB. */
  async stored(): Promise<RetryTicket[]> {
    return this.content.evaluate(
      () =>
        new Promise<RetryTicket[]>((resolve, reject) => {
          const opening = indexedDB.open('outbox');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction('tickets').objectStore('tickets').getAll();
            reading.onerror = () => reject(reading.error);
            reading.onsuccess = () => resolve(reading.result);
          };
        }),
    );
  }
}

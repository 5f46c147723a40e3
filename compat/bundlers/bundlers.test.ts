// Apps that are built with each bundler run in Node and in Chromium, and hold only the parts they use.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChromium } from '../harness/chromium.js';
import { NAME, theConsumer } from '../package/consumer.js';
import type { Bundler, Target } from './bundlers.js';
import { bundlers } from './bundlers.js';
import { AXIOS, CORE, POLICY, partsIn } from './parts.js';
import { runInChromium, runInNode } from './running.js';

const OUTCOME = { data: 'it works', statuses: [503, 200] };
/** The first imports ES modules, the second requires the CommonJS build. */
const APPS = ['app.mjs', 'app.cjs'];

const table: Record<string, string>[] = [];
const consumer = theConsumer();
let browser: Browser;
let count = 0;

before(async () => {
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  console.table(table);
});

/** Builds an app of this folder, or of the given code, in a fresh folder. */
async function build(bundler: Bundler, target: Target, app: string, code?: string) {
  count += 1;
  const entry = join(consumer.folder, `app-${count}`, app);
  const folder = join(consumer.folder, `built-${count}`);
  mkdirSync(dirname(entry));
  mkdirSync(folder);
  if (code === undefined) cpSync(join(import.meta.dirname, app), entry);
  else writeFileSync(entry, code);
  const { warnings, modules } = await bundler({ entry, target, folder });
  assert.deepEqual(warnings, []);
  assert.ok(modules.includes(entry), `the bundler does not list the app itself: ${modules}`);
  return { folder, parts: partsIn(modules, consumer) };
}

/** The parts in the bundle of an app that imports these names from these modules. */
async function shaken(bundler: Bundler, imports: Readonly<Record<string, string>>) {
  const lines = Object.entries(imports).map(
    ([module, names], i) => `import ${names} from '${module}'; globalThis.used${i} = used${i};`,
  );
  return (await build(bundler, 'browser', 'shaken.mjs', lines.join('\n'))).parts;
}

for (const [name, bundler] of Object.entries(bundlers)) {
  describe(`an app built with ${name}`, () => {
    for (const app of APPS) {
      for (const target of ['browser', 'node'] as const) {
        const where = target === 'browser' ? 'Chromium' : 'Node';
        it(`retries in ${where}, ${app}, built without a warning`, async () => {
          const { folder, parts } = await build(bundler, target, app);
          const run = target === 'node' ? runInNode(folder) : runInChromium(browser, folder);
          assert.deepEqual(await run, OUTCOME);
          assert.deepEqual(parts, [CORE, AXIOS]);
          table.push({
            bundler: name,
            app,
            'run in': where,
            outcome: '503, 200',
            holds: parts.join(', '),
          });
        });
      }
    }

    it('has neither the core nor Axios if it imports only parseRetryAfter', async () => {
      const held = await shaken(bundler, { [NAME]: '{ parseRetryAfter as used0 }' });
      assert.deepEqual(held, []);
      table.push({ bundler: name, app: '{ parseRetryAfter }', holds: 'neither' });
    });

    it('has nothing of any further entry if it imports attachRetry', async () => {
      const held = await shaken(bundler, { [NAME]: '{ attachRetry as used0 }' });
      assert.deepEqual(held, [CORE, AXIOS]);
      table.push({ bundler: name, app: '{ attachRetry }', holds: held.join(', ') });
    });

    it('is seen to have each further entry that it does import', async () => {
      for (const entry of consumer.entries.keys()) {
        if (entry === NAME || entry === POLICY) continue;
        const held = await shaken(bundler, {
          [NAME]: '{ parseRetryAfter as used0 }',
          [entry]: '* as used1',
        });
        assert.ok(held.includes(entry), `the bundle is not seen to hold ${entry}: ${held}`);
        table.push({ bundler: name, app: `* of ${entry}`, holds: held.join(', ') });
      }
    });
  });
}

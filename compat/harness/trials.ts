// Runs the suite for one combination: in a process of its runtime, or in a page.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import type { ScriptedServer } from '../../__tests__/support/scripted-server.js';
import { startRoutes } from '../../__tests__/support/scripted-server.js';
import type { AdapterName } from '../suite/environment.js';
import type { Result } from '../suite/run.js';
import type { Task } from '../suite/task.js';
import { launchChromium, startPages } from './chromium.js';
import type { Runtime } from './combinations.js';
import { folderOf, MODULES } from './workplace.js';

/** A combination that takes longer hangs (real time, ms). */
const LIMIT = 600_000;

function inProcess({ command, format }: Runtime, version: string, task: Task): Promise<Result[]> {
  const [program, ...args] = command ?? [''];
  const folder = folderOf(version);
  const child = spawn(
    join(MODULES, program),
    [...args, format === 'esm' ? 'suite.mjs' : 'suite.cjs', JSON.stringify(task)],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT, killSignal: 'SIGKILL' },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const last = output.trim().split('\n').at(-1) ?? '';
      if (code === 0 && last.startsWith('[')) resolve(JSON.parse(last) as Result[]);
      else reject(new Error(`ended with ${code ?? signal}: ${errors}${output}`.slice(0, 2000)));
    });
  });
}

/** Tries combinations, each in its own process or page, with one server on loopback. */
export class Trials {
  #server: Promise<ScriptedServer> = startRoutes({}, { cors: true, remote: true });
  #pages: Promise<ScriptedServer> | undefined;
  #browser: Promise<Browser> | undefined;

  async try(runtime: Runtime, version: string, adapter: AdapterName): Promise<Result[]> {
    const { url: serverUrl } = await this.#server;
    const task: Task = { adapter, runtime: runtime.kind, version, serverUrl };
    return runtime.command ? inProcess(runtime, version, task) : this.#inPage(version, task);
  }

  async close(): Promise<void> {
    // A trial has reported it if the browser could not start.
    await (await this.#browser?.catch(() => undefined))?.close();
    await (await this.#pages)?.close();
    await (await this.#server).close();
  }

  async #inPage(version: string, task: Task): Promise<Result[]> {
    this.#pages ??= startPages((version) =>
      readFileSync(join(folderOf(version), 'page.js'), 'utf8'),
    );
    this.#browser ??= launchChromium();
    const { url } = await this.#pages;
    // Pages of one context would share their few connections to a host.
    const context = await (await this.#browser).createBrowserContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT);
      // Another origin than the server's: every answer comes by CORS.
      await page.goto(`${url}/${version}`);
      return await page.evaluate((given) => globalThis.runSuite(given as never), task as never);
    } finally {
      await context.close();
    }
  }
}

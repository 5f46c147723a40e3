// npm run release:rehearse: shows what a release would publish, and uses the tarball in fresh projects, as users will.
// Names of projects (`-- esm vite`) limit it to those. Takes the tarball `PACKED`, if there is one.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { sendReply, startRoutes } from '../__tests__/support/scripted-server.ts';
import { launchChromium } from '../compat/harness/chromium.ts';
import { pack, ROOT } from './install.mjs';

const NAME = 'axios-status-retry';
const REPORT = 'the report';
/** What each project prints or shows. */
const OUTCOME = { data: REPORT, statuses: [503, 200] };
/** Milliseconds for an installation, a build or a page; each takes a tenth of it. */
const TIMEOUT_MS = 300_000;
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };

/** How each project is run, and the packages whose versions count. */
const projects = {
  esm: { packages: ['axios'], run: start },
  commonjs: { packages: ['axios'], run: start },
  typescript: { packages: ['typescript', 'axios'], run: typescriptProject },
  vite: { packages: ['vite', 'axios'], run: viteProject },
  next: { packages: ['next', 'react', 'typescript', 'axios'], run: nextProject },
};

function npm(folder, api, ...args) {
  const options = { cwd: folder, env: { ...env, API_URL: api }, timeout: TIMEOUT_MS };
  return promisify(execFile)('npm', ['--silent', ...args], options);
}

/** A service that is unavailable at first, also as the server of a built page. */
function startService(folder) {
  const answers = [503, { body: REPORT }];
  const file = (_req, res, { url }) => {
    const path = join(folder, url);
    if (!existsSync(path)) return sendReply(res, 404);
    const type = url.endsWith('.html') ? 'text/html' : 'text/javascript';
    res.writeHead(200, { 'Content-Type': type }).end(readFileSync(path));
  };
  return startRoutes({ '/report': answers, '/live-report': answers, '*': [file] });
}

async function start(folder, api) {
  const { stdout } = await npm(folder, api, 'run', 'start');
  assert.deepEqual(JSON.parse(stdout), OUTCOME);
  return 'got 503, then 200 in Node';
}

async function typescriptProject(folder, api) {
  await npm(folder, api, 'run', 'build');
  return `compiled; ${await start(folder, api)}`;
}

async function inChromium(url, look) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await look(page);
  } finally {
    await browser.close();
  }
}

/** Waits until an element has a JSON object as its text. */
async function jsonIn(page, selector) {
  const ready = (selector) => document.querySelector(selector)?.textContent.startsWith('{');
  await page.waitForFunction(ready, {}, selector);
  return JSON.parse(await page.$eval(selector, (element) => element.textContent));
}

async function viteProject(folder, api) {
  await npm(folder, api, 'run', 'build');
  const shown = (page) => jsonIn(page, '#report');
  assert.deepEqual(await inChromium(`${api}/dist/index.html`, shown), OUTCOME);
  return 'built; got 503, then 200 in Chromium';
}

async function nextProject(folder, api) {
  await npm(folder, api, 'run', 'build');
  const next = ['node_modules/next/dist/bin/next', 'start', '--port', '0'];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const server = spawn(process.execPath, next, {
    cwd: folder,
    env: { ...env, API_URL: api },
    stdio,
  });
  try {
    const url = await addressIn(server.stdout);
    const page = await (await fetch(url)).text();
    const shown = /<p id="report">(.*?)<\/p>/.exec(page)?.[1] ?? '';
    assert.deepEqual(JSON.parse(shown.replaceAll('&quot;', '"')), OUTCOME);
    await findInScripts(url, page, 'The service is busy: again in');
    await inChromium(url, async (page) => {
      await page.click('button');
      await page.waitForSelector('[role="timer"]');
      assert.deepEqual(await jsonIn(page, '#live-report'), OUTCOME);
    });
  } finally {
    server.kill();
    await once(server, 'exit');
  }
  return 'built; 503, then 200 in the server component; in Chromium the client component counted down and got 200';
}

/** Next prints the port that it chose. */
async function addressIn(output) {
  for await (const line of createInterface(output)) {
    const [url] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (url) {
      output.resume();
      return url;
    }
  }
  throw new Error('next start printed no address');
}

/** @throws When none of the page's scripts holds the text. */
async function findInScripts(url, page, text) {
  const paths = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) => path);
  const scripts = await Promise.all(
    paths.map(async (path) => (await fetch(new URL(path, url))).text()),
  );
  assert.ok(
    scripts.some((script) => script.includes(text)),
    'the client bundle lacks the component',
  );
}

function versionOf(folder, name) {
  const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${JSON.parse(manifest).version}`;
}

/** Returns the line to print. */
async function rehearse(name, work, tarball) {
  const folder = join(work, name);
  cpSync(join(ROOT, 'scripts/rehearsal', name), folder, { recursive: true });
  const service = await startService(folder);
  try {
    await npm(folder, service.url, 'install', '--no-audit', '--no-fund', tarball);
    const versions = [NAME, ...projects[name].packages].map((name) => versionOf(folder, name));
    const did = await projects[name].run(folder, service.url);
    return `${name.padEnd(10)}  ok  ${versions.join(', ')}: ${did}`;
  } finally {
    await service.close();
  }
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in projects));
if (unknown.length > 0) {
  console.error(`No project ${unknown.join(', ')}; there are ${Object.keys(projects).join(', ')}.`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'rehearsal-'));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));
mkdirSync(join(work, 'package'));
const tarball = process.env.PACKED ?? pack(join(work, 'package'));
execFileSync('npm', ['publish', tarball, '--dry-run', '--tag', 'next'], { stdio: 'inherit' });

for (const name of names.length > 0 ? names : Object.keys(projects)) {
  try {
    console.log(await rehearse(name, work, tarball));
  } catch (error) {
    console.log(`${name.padEnd(10)}  failed`);
    console.error(error.stdout ?? '', error.stderr ?? '', error);
    process.exitCode = 1;
  }
}

// How do the attempts of one request look on a time line? This draws a real run, on a test clock, for the README.
// Run: npx tsx examples/timeline/main.ts (writes docs/images/timeline-light.svg and timeline-dark.svg)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { startServer } from '../../__tests__/support/scripted-server.js';
// In your project, import these from 'axios-status-retry' and 'axios-status-retry/testing'.
import type { RetryWait } from '../../src/index.js';
import { attachRetry, retryReport } from '../../src/index.js';
import { createTestClock } from '../../src/testing/index.js';
import { stopwatch } from '../support/terminal.js';

const clock = createTestClock();
const startedAt = clock.now();
const limited = { status: 429, headers: { 'Retry-After': '120' } };
const server = await startServer(503, 503, limited, 200);
const api = axios.create({ baseURL: server.url, proxy: false });
const waits: RetryWait[] = [];
attachRetry(api, { clock, onRetry: (wait) => void waits.push(wait) });

const [response] = await Promise.all([api.get('/report'), clock.runAll()]);
const { attempts = [] } = retryReport(response) ?? {};
await server.close();

const WIDTH = 760;
const BOX_WIDTH = 56;
const THEMES = {
  light: {
    ink: '#1f2328',
    quiet: '#59636e',
    onBox: '#fff',
    failed: '#b3261e',
    succeeded: '#1a7f37',
    backoff: '#e3b04b',
    'retry-after': '#4fb0b8',
  },
  dark: {
    ink: '#e6edf3',
    quiet: '#9198a1',
    onBox: '#0d1117',
    failed: '#f0837a',
    succeeded: '#5fcf80',
    backoff: '#b98a2b',
    'retry-after': '#2f919a',
  },
};

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
for (const [name, theme] of Object.entries(THEMES)) {
  writeFileSync(join(folder, `timeline-${name}.svg`), draw(theme));
}

function draw(colours: Record<string, string>): string {
  // Seconds and minutes share one line, so the lengths of the waits are logarithmic.
  const lengths = waits.map(({ delay }) => Math.log2(1 + delay / 4000));
  const scale = (WIDTH - attempts.length * BOX_WIDTH) / lengths.reduce((sum, one) => sum + one, 0);
  const rules = [
    ...Object.entries(colours).map(([name, colour]) => `.${name} { fill: ${colour}; }`),
    'text { font: 14px system-ui, sans-serif; text-anchor: middle; }',
    '.onBox, .ink { font-weight: 600; }',
  ];
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="88" viewBox="0 0 ${WIDTH} 88">`,
    `  <style>${rules.join(' ')}</style>`,
  ];
  const text = (x: number, y: number, style: string, content: string) =>
    lines.push(`  <text class="${style}" x="${x}" y="${y}">${content}</text>`);
  const rect = (x: number, y: number, width: number, height: number, style: string) =>
    lines.push(
      `  <rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`,
    );

  let x = 0;
  for (const [i, { status = 0, sentAt }] of attempts.entries()) {
    rect(x, 26, BOX_WIDTH, 32, status < 400 ? 'succeeded' : 'failed');
    text(x + BOX_WIDTH / 2, 47, 'onBox', `${status}`);
    text(x + BOX_WIDTH / 2, 78, 'quiet', stopwatch(sentAt - startedAt).slice(-5));
    x += BOX_WIDTH;
    const wait = waits[i];
    if (wait === undefined) break;
    const width = Math.round((lengths[i] ?? 0) * scale);
    rect(x + 3, 35, width - 6, 14, wait.basis);
    text(x + width / 2, 20, 'ink', `${wait.delay / 1000} s`);
    text(x + width / 2, 78, 'quiet', wait.basis === 'backoff' ? 'backoff' : 'Retry-After: 120');
    x += width;
  }
  return `${[...lines, '</svg>'].join('\n')}\n`;
}

// docs/guides/from-axios-retry.md: the code before the switch and after it sends the same.
import type { RetryHandle } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';
import { load, runSnippet } from '../support/snippets.js';
import { sendsOf, snippetOf } from '../support/switch.js';

const PAGE = 'docs/guides/from-axios-retry.md';
const HEADINGS = ['Before', 'After: one line', 'All the way: attachRetry'];

interface Program {
  readonly readReport: (id: number) => Promise<unknown>;
  readonly createOrder: (item: string) => Promise<unknown>;
}

const readReport = ({ readReport: read }: Program) => read(7);
const createOrder = ({ createOrder: create }: Program) => create('tea');

/** Runs the program before the switch, with one line changed, and with `attachRetry`. */
async function runEach(answers: readonly Answer[], call: typeof readReport) {
  // The delays have a random part.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  const runs = [];
  for (const heading of HEADINGS) {
    const { requests, gaps, outcome, printed } = await sendsOf(
      snippetOf(PAGE, heading),
      answers,
      call,
    );
    const sent = requests.map(({ method, url, body, headers }) => {
      return [method, url, body, headers['content-type']];
    });
    runs.push({ sends: { sent, gaps, outcome }, printed });
  }
  return runs;
}

describe('the program before the switch, with one line changed, and with attachRetry', () => {
  it.each<[string, Answer[], typeof readReport, number[]]>([
    ['a report after two 503', [503, 503, 200], readReport, [200, 400]],
    ['a report after a reset connection', [{ fault: 'reset' }, 200], readReport, [200]],
    ['a report that does not exist', [404], readReport, []],
    ['a report that no retry gets', [500], readReport, [200, 400, 800]],
    ['an order after a conflict', [409, 201], createOrder, [200]],
    ['an order after two conflicts', [409, 409, 201], createOrder, [200]],
    [
      'a report after a 429 with Retry-After',
      [{ status: 429, headers: { 'Retry-After': '7' } }, 200],
      readReport,
      [7000],
    ],
  ])('send the same, and wait as long: %s', async (_, answers, call, gaps) => {
    const [before, after, native] = (await runEach(answers, call)).map(({ sends }) => sends);
    expect(before?.gaps).toEqual(gaps);
    expect([after, native]).toEqual([before, before]);
  });

  it('print the same with one line changed', async () => {
    const [before, after, native] = await runEach([503], readReport);
    expect(after?.printed).toEqual(before?.printed);
    expect(native?.printed).toEqual([
      'retry 1 of GET /reports/7: 503',
      'retry 2 of GET /reports/7: 503',
      'retry 3 of GET /reports/7: 503',
      'gave up after 3 retries: max-retries',
    ]);
  });

  it('differ by one line', () => {
    const [before = [], after = []] = HEADINGS.map((one) => snippetOf(PAGE, one).split('\n'));
    expect(before.filter((line, i) => line !== after[i])).toEqual([
      "import axiosRetry from 'axios-retry';",
    ]);
    expect(after).toHaveLength(before.length);
  });
});

it('an order that got no response is sent again by axios-retry, and not by attachRetry', async () => {
  const runs = await runEach([{ fault: 'reset' }, 201], createOrder);
  expect(runs.map(({ sends }) => sends.sent.length)).toEqual([2, 2, 1]);
});

it('a gate, the waits and the report can be added', async () => {
  const server = await startServer(503);
  const printed: string[] = [];
  const log = (...words: unknown[]): void => void printed.push(words.join(' '));
  const code = snippetOf(PAGE, 'What you can add')
    .replace('https://api.example.com', server.url)
    .replace('retries: 5', 'retries: 1');
  const { read, handle } = await runSnippet<{
    readonly read: (url: string) => Promise<unknown>;
    readonly handle: RetryHandle;
  }>(code, { console: { log, warn: log, error: log }, load });
  const error = await failureOf(read('/reports/7'));
  await server.close();
  expect(handle.waits).toEqual([]);
  expect(printed).toContain('1 waiting');
  expect(printed.at(-1)).toBe('max-retries 2');
  expect(retryReport(error)?.attempts).toHaveLength(2);
});

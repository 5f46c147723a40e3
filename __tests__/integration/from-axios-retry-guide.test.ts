// docs/guides/from-axios-retry.md: the code before the switch and after it sends the same.
import type { AxiosInstance } from 'axios';
import type { RetryHandle } from '../../src/index.js';
import { retryReport } from '../../src/index.js';
import { failureOf } from '../support/failure-of.js';
import type { Answer } from '../support/scripted-server.js';
import { startServer } from '../support/scripted-server.js';
import { load, runSnippet, snippetsByHeading } from '../support/snippets.js';

const PAGE = 'docs/guides/from-axios-retry.md';
const HEADINGS = ['Before', 'After: one line', 'All the way: attachRetry'];

interface Program {
  readonly api: AxiosInstance;
  readonly readReport: (id: number) => Promise<unknown>;
  readonly createOrder: (item: string) => Promise<unknown>;
}

function snippetOf(heading: string): string {
  const [code, ...others] = snippetsByHeading(PAGE).get(heading) ?? [];
  expect(others).toEqual([]);
  return code as string;
}

/** Runs the code under a heading against a server, and a call of what it exports. */
async function run(
  heading: string,
  answers: readonly Answer[],
  call: (program: Program) => Promise<unknown>,
) {
  const server = await startServer(...answers);
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const code = snippetOf(heading).replace('https://api.example.com', server.url);
  try {
    const program = await runSnippet<Program>(code, {
      console: { log: print, warn: print, error: print },
      load,
    });
    program.api.defaults.proxy = false;
    const outcome = await call(program).then(
      () => 'done',
      () => 'failed',
    );
    const sends = server.requests.map(({ method, url, body, headers }) => [
      method,
      url,
      body,
      headers['content-type'],
    ]);
    return { sends, outcome, printed };
  } finally {
    await server.close();
  }
}

const readReport = ({ readReport: read }: Program) => read(7);
const createOrder = ({ createOrder: create }: Program) => create('tea');

describe('the program before the switch, with one line changed, and with attachRetry', () => {
  it.each<[string, Answer[], (program: Program) => Promise<unknown>, number]>([
    ['a report after two 503', [503, 503, 200], readReport, 3],
    ['a report after a reset connection', [{ fault: 'reset' }, 200], readReport, 2],
    ['a report that does not exist', [404], readReport, 1],
    ['a report that no retry gets', [500], readReport, 4],
    ['an order after a conflict', [409, 201], createOrder, 2],
    ['an order after two conflicts', [409, 409, 201], createOrder, 2],
    [
      'a report after a 429 with Retry-After: 1',
      [{ status: 429, headers: { 'Retry-After': '1' } }, 200],
      readReport,
      2,
    ],
  ])('send the same: %s', async (_, answers, call, count) => {
    const runs = await Promise.all(HEADINGS.map((heading) => run(heading, answers, call)));
    expect(runs[0]?.sends).toHaveLength(count);
    for (const { sends, outcome } of runs) {
      expect([sends, outcome]).toEqual([runs[0]?.sends, runs[0]?.outcome]);
    }
  });

  it('print the same with one line changed', async () => {
    const [before, after, native] = await Promise.all(
      HEADINGS.map((heading) => run(heading, [503], readReport)),
    );
    expect(after?.printed).toEqual(before?.printed);
    expect(native?.printed).toEqual([
      ...[1, 2, 3].map((n) => `retry ${n} of GET ${'/reports/7'}: 503`),
      'gave up after 3 retries: max-retries',
    ]);
  });

  it('differ by one line', () => {
    const [before, after] = HEADINGS.map((heading) => snippetOf(heading).split('\n'));
    const changed = before?.filter((line, i) => line !== after?.[i]);
    expect(changed).toEqual(["import axiosRetry from 'axios-retry';"]);
    expect(after).toHaveLength(before?.length ?? 0);
  });
});

it('an order that got no response: attachRetry does not send it again, axios-retry does', async () => {
  const runs = await Promise.all(
    HEADINGS.map((heading) => run(heading, [{ fault: 'reset' }, 201], createOrder)),
  );
  expect(runs.map(({ sends }) => sends.length)).toEqual([2, 2, 1]);
});

it('the engine can be added to: a gate, the waits, the report', async () => {
  const server = await startServer(503);
  const printed: string[] = [];
  const print = (...words: unknown[]): void => void printed.push(words.join(' '));
  const code = snippetOf('What you can add')
    .replace('https://api.example.com', server.url)
    .replace('retries: 5', 'retries: 1');
  const { read, handle } = await runSnippet<{
    read: (url: string) => Promise<unknown>;
    handle: RetryHandle;
  }>(code, { console: { log: print, warn: print, error: print }, load });
  const error = await failureOf(read('/reports/7'));
  await server.close();
  expect(handle.waits).toEqual([]);
  expect(printed).toContain('1 waiting');
  expect(printed.at(-1)).toBe('max-retries 2');
  expect(retryReport(error)?.attempts).toHaveLength(2);
});

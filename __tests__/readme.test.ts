// The README: its length, its links, and its snippets, which compile and run as they stand.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AxiosAdapter } from 'axios';
import axios, { AxiosError } from 'axios';
import { diagnose, load, PAGES, root, runSnippet, snippetsOf, textOf } from './support/snippets.js';

/** A status, or a status with a Retry-After. */
type Answer = number | readonly [status: number, retryAfter: string];

/** An adapter that gives these answers in turn; the last one repeats. */
function scriptedAdapter(answers: readonly Answer[]): AxiosAdapter {
  let sent = 0;
  return async (config) => {
    const answer = answers[Math.min(sent++, answers.length - 1)] ?? 200;
    const [status, retryAfter] = typeof answer === 'number' ? [answer] : answer;
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const response = { status, statusText: '', headers, data: `body of ${config.url}`, config };
    if (status < 400) return response;
    throw new AxiosError(`status ${status}`, 'ERR_BAD_RESPONSE', config, undefined, response);
  };
}

/** Runs a snippet on fake time, and returns what it prints and how long it takes, in milliseconds. */
async function run(code: string, answers: readonly Answer[]) {
  const printed: string[] = [];
  const print = (...words: unknown[]) => void printed.push(words.join(' '));
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  jest.replaceProperty(axios.defaults, 'adapter', scriptedAdapter(answers));
  const start = Date.now();
  let took: number | undefined;
  const world = { load, console: { log: print, warn: print, error: print } };
  const end = runSnippet(code, world).finally(() => {
    took = Date.now() - start;
  });
  end.catch(() => undefined); // The caller gets the error below.
  for (let step = 0; took === undefined && step < 5000; step++) {
    await jest.advanceTimersByTimeAsync(1000);
  }
  await end;
  return { printed, took };
}

describe('README', () => {
  it('has at most 200 lines', () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('has snippets that compile, as do the other pages', () => {
    expect(diagnose()).toEqual([]);
  });

  it.each(PAGES)('links only to files that exist: %s', (page) => {
    const links = [
      ...textOf(page).matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:|#)([^)"#]+)/g),
    ].map(([, to]) => join(root, dirname(page), to ?? ''));
    // The pages of the entries are made with the site; `npm run docs:check` follows the links to them.
    const lasting = links.filter((path) => !path.includes('docs/reference/api/'));
    expect(lasting.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('a snippet that runs', () => {
  afterEach(() => jest.useRealTimers());

  it.each<[string, number, Answer[], string[], number]>([
    ['README.md', 0, [503, 503, [429, '120'], 200], ['body of /report'], 192_000],
    ['README.md', 1, [503], ['max-elapsed'], 584_000],
    ['README.md', 2, [[429, '30'], 200], ['1 waiting', '0 waiting'], 30_000],
    ['docs/learn.md', 0, [503, 200], ['body of /report'], 8000],
    ['docs/learn.md', 1, [503], ['max-elapsed', '4', expect.stringMatching(/^Try again/)], 584_000],
    ['docs/learn.md', 3, [], ['done'], expect.any(Number)],
    ['docs/guides/waits.md', 0, [503, 200], ['/report: 503, retry 1 in 8000 ms'], 5000],
    [
      'docs/guides/hooks.md',
      0,
      [503, 500, 200],
      ['503: again in 8000 ms', '500: again in 1000 ms'],
      9000,
    ],
    // The test clock polls in real time while requests are under way.
    ['docs/guides/testing.md', 0, [], ['200'], expect.any(Number)],
  ])('%s, snippet %i', async (page, index, answers, printed, took) => {
    const code = snippetsOf(page)[index] ?? '';
    expect(await run(code, answers)).toEqual({ printed, took });
  });

  it('is every snippet of these pages', () => {
    expect(snippetsOf('README.md')).toHaveLength(3);
    for (const page of ['waits', 'hooks']) {
      expect(snippetsOf(`docs/guides/${page}.md`)).toHaveLength(1);
    }
  });
});

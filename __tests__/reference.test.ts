// The reference of reasons and errors: an entry for each, under the anchor that messages name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxiosError } from 'axios';
import ts from 'typescript';
import { root, textOf } from './support/snippets.js';

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(root, 'src', path), 'utf8'));

function matchesInSource(pattern: RegExp): string[] {
  return [
    ...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, it]) => it ?? ''))),
  ];
}

function headings(page: string, level: '##' | '###'): string[] {
  return [...textOf(page).matchAll(new RegExp(`^${level} (.+)$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );
}

/** The members of the type `GiveUpReason`. */
function reasons(): string[] {
  const file = ts.createSourceFile(
    'decision.ts',
    readFileSync(join(root, 'src/policy/decision.ts'), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const type = file.statements.find(
    (one) => ts.isTypeAliasDeclaration(one) && one.name.text === 'GiveUpReason',
  ) as ts.TypeAliasDeclaration;
  return [...type.getText().matchAll(/'([^']+)'/g)].map(([, reason]) => reason ?? '');
}

describe('reasons.md', () => {
  const page = 'docs/reference/reasons.md';

  it('has an entry for each reason, and no other', () => {
    expect(reasons().length).toBeGreaterThan(10);
    expect(headings(page, '##').sort()).toEqual(reasons().sort());
  });

  it('lists them at the top in the order of the entries', () => {
    const listed = [...textOf(page).matchAll(/^\| \[`'(.+)'`\]\(#(.+)\) \|/gm)];
    expect(listed.map(([, reason]) => reason)).toEqual(headings(page, '##'));
    expect(listed.map(([, , anchor]) => anchor)).toEqual(headings(page, '##'));
  });
});

describe('errors.md', () => {
  const anchors = headings('docs/reference/errors.md', '###');

  it('has headings that are their own anchors, each once', () => {
    expect(anchors.filter((anchor) => !/^[a-z]+(-[a-z]+)*$/.test(anchor))).toEqual([]);
    expect(new Set(anchors).size).toBe(anchors.length);
  });

  it('has an entry for each code of an error of this package', () => {
    // Other codes with such a name are Axios's.
    const codes = matchesInSource(/'(ERR_\w+)'/g).filter((code) => !(code in AxiosError));
    expect(codes).toEqual(expect.arrayContaining(['ERR_GATE_CLOSED', 'ERR_RETRY_DEFERRED']));
    // Told to `decideRetry` in place of a missing code; no error has it.
    const thrown = codes.filter((code) => code !== 'ERR_INVALID_REQUEST');
    const entries = thrown.map((code) => code.toLowerCase().replaceAll('_', '-'));
    expect(entries.filter((entry) => !anchors.includes(entry))).toEqual([]);
  });

  it.each(['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'])(
    'tells of the code %s of Axios',
    (code) => {
      expect(textOf('docs/reference/errors.md')).toContain(`\`${code}\``);
    },
  );

  it('has the entry that a message points to', () => {
    const pointers = matchesInSource(/axios-status-retry\/errors\.md#([\w-]*)/g);
    expect(pointers.length).toBeGreaterThan(5);
    expect(pointers.filter((pointer) => !anchors.includes(pointer))).toEqual([]);
  });

  it('shows the messages with the pointers to their own entries', () => {
    const entries = textOf('docs/reference/errors.md').split(/^### /m).slice(1);
    const wrong = entries.filter((entry) => {
      const [anchor] = entry.split('\n', 1);
      const shown = [...entry.matchAll(/; see axios-status-retry\/errors\.md#([\w-]*)$/gm)];
      return shown.some(([, pointer]) => pointer !== anchor);
    });
    expect(wrong).toEqual([]);
  });
});

describe.each(['docs/reference/reasons.md', 'docs/reference/errors.md'])('%s', (page) => {
  /** The anchor that GitHub and VitePress make of a heading. */
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-');

  it('links only to headings that exist', () => {
    const links = [...textOf(page).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(5);
    const broken = links.filter(([, path = '', anchor = '']) => {
      const target = path === '' ? page : join('docs/reference', path);
      const titles = [...textOf(target).matchAll(/^##+ (.+)$/gm)].map(([, text]) => text ?? '');
      return !titles.map(slug).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

// Links from a page to files of the repository that are not pages of the site.
import { dirname, join, normalize } from 'node:path/posix';
import type { MarkdownRenderer } from 'vitepress';

/** Makes them links to the repository; without its URL they stay text. */
export function linkOutside(md: MarkdownRenderer, repository: string | undefined): void {
  md.core.ruler.push('outside-links', ({ tokens, env }) => {
    for (const { children } of tokens) {
      let isText = false;
      for (const token of children ?? []) {
        const href = token.attrGet('href');
        if (token.type === 'link_open' && href !== null) {
          const path = outside(href, env.relativePath);
          if (path === undefined) continue;
          if (repository) token.attrSet('href', `${repository}/blob/main/${path}`);
          else {
            isText = true;
            Object.assign(token, { type: 'html_inline', tag: '', content: '' });
          }
        } else if (token.type === 'link_close' && isText) {
          isText = false;
          Object.assign(token, { type: 'html_inline', tag: '', content: '' });
        }
      }
    }
  });
}

/** The path of the linked file in the repository, if it is not below docs/. */
function outside(href: string, page: string): string | undefined {
  if (/^[a-z]+:|^[/#]/.test(href)) return undefined;
  const path = normalize(join('docs', dirname(page), href));
  return path.startsWith('docs/') ? undefined : path;
}

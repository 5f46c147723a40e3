// Shortens the pages of the reference: names that another page describes become a list of links.
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

export function load(app) {
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = page.contents
      ?.replace(/^## References\n\n([\s\S]*)/m, (_, entries) => {
        const links = entries.match(/\[[^\]]+\]\([^)]+\)/g) ?? [];
        return `## Also in the main entry\n\n${links.map((link) => `- ${link}`).join('\n')}\n`;
      })
      // A required property has no default.
      .replaceAll(/(?<!\\)\| `undefined` \|/g, '| |');
  });
}

// Shortens the pages of the reference: a line for a default, and a list of links for what another page describes.
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

export function load(app) {
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = page.contents
      ?.replace(/^## References\n\n([\s\S]*)/m, (_, entries) => {
        const links = entries.match(/\[[^\]]+\]\([^)]+\)/g) ?? [];
        return `## Also in the main entry\n\n${links.map((link) => `- ${link}`).join('\n')}\n`;
      })
      .replaceAll(
        /^#+ Default Value\n\n(?:```ts\n(.+)\n```)?/gm,
        (_, value = '') => `**Default:** ${value}`,
      )
      .replaceAll(/^#+ (Inherited from|Overrides)\n\n.+\n/gm, '')
      // A required property has no default.
      .replaceAll(/(?<!\\)\| `undefined` \|/g, '| |');
  });
}

// The documentation site. `npm run docs` builds and serves it.
import { defineConfig } from 'vitepress';
import { linkOutside } from './outside-links.js';
import { sidebar } from './sidebar.js';

/** Where the repository can be read, such as `https://example.com/owner/name`; links to its files need it. */
const repository = process.env.REPOSITORY_URL;

export default defineConfig({
  title: 'axios-status-retry',
  description: 'An Axios plugin that retries a failed request when its HTTP status says so.',
  // A site of a project has a path on its host: `/axios-status-retry/`, say.
  base: process.env.DOCS_BASE ?? '/',
  lang: 'en',
  cleanUrls: true,
  srcExclude: ['node_modules/**'],
  rewrites: { 'guides/frameworks/README.md': 'guides/frameworks/index.md' },
  markdown: {
    config: (md) => linkOutside(md, repository),
    // The default themes have too little contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Learn', link: '/learn', activeMatch: '/learn' },
      { text: 'Guides', link: '/guides/limits', activeMatch: '/guides/' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
      { text: 'Try it', link: '/try/console', activeMatch: '/try/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    externalLinkIcon: true,
    ...(repository && { socialLinks: [{ icon: 'github', link: repository }] }),
  },
});

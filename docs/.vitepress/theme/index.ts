// VitePress's own theme, with the colours of the status console and a frame for it.
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import Play from './Play.vue';
import './site.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Play', Play);
  },
} satisfies Theme;

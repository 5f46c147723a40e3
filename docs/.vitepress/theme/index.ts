// VitePress's own theme, with the colours of the status console.
import DefaultTheme from 'vitepress/theme';
import './site.css';

export default DefaultTheme;

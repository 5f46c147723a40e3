// The package as users get it. Typed by its source, as the build is not there when types are checked.
const url = new URL('../dist/esm/index.js', import.meta.url).href;

export const { attachRetry }: typeof import('../src/index.js') = await import(url);

// The package as users get it. Typed by its source, as the build is not there when types are checked.
const DIST = '../dist/esm/';

const load = (name: string) => import(new URL(`${DIST}${name}.js`, import.meta.url).href);

export const { attachRetry }: typeof import('../src/index.js') = await load('index');
export const { Waits }: typeof import('../src/wait.js') = await load('wait');

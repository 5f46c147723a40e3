import { bytes, micros, number, time } from './format.js';
import type { Results } from './results.js';
import type { Section } from './tables.js';
import { UNKNOWN } from './tables.js';

export function size({ sizes, imports }: Results): Section {
  return {
    title: 'Size and start',
    note: 'In a bundle without Axios, by esbuild and gzip level 9; and what `import` takes in a fresh process that has loaded Axios.',
    columns: ['', 'minified', 'minified and gzipped', 'import'],
    rows: sizes.map(({ contestant, minified, gzipped }) => {
      const took = imports.find((one) => one.contestant === contestant)?.took;
      return [
        contestant,
        bytes(minified),
        bytes(gzipped),
        took === undefined ? UNKNOWN : time(took),
      ];
    }),
  };
}

export function engine({ engine }: Results): Section {
  const nanos = (value: number) => `${number(value)} ns`;
  return {
    title: 'Our waits as they grow',
    note: 'One wait, with no request around it, at random times: to begin it, to end it as it is due, and to cancel it.',
    columns: ['waits', 'begin', 'due', 'cancel'],
    rows: engine.map(({ count, begin, due, cancel }) => [
      number(count),
      nanos(begin),
      nanos(due),
      nanos(cancel),
    ]),
  };
}

export function requests({ requests }: Results): Section {
  return {
    title: 'Our requests as they grow',
    note: 'One request: sent, failed and put to wait; then due, sent again and settled. Bare Axios and its errors included.',
    columns: ['requests', 'fails and waits', 'is sent again and settles'],
    rows: requests.map(({ count, fail, succeed }) => [
      number(count),
      micros(fail),
      micros(succeed),
    ]),
  };
}

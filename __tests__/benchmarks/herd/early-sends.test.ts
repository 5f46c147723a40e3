// Tests how the herd benchmark tells sends that come too early.
import { closingHeader, isEarly, ToldClosing } from '../../../benchmarks/herd/early-sends.js';

const NOW = 1_000_000;

describe('a send', () => {
  it('is early before the end of a Retry-After that its process was told', () => {
    const told = new ToldClosing();
    told.read(closingHeader(1000, NOW));
    expect(isEarly(told.headers(), NOW + 900)).toBe(true);
    expect(isEarly(told.headers(), NOW + 1000)).toBe(false);
  });

  it('may come 2 ms before it', () => {
    const told = new ToldClosing();
    told.read(closingHeader(1000, NOW));
    expect(isEarly(told.headers(), NOW + 997)).toBe(true);
    expect(isEarly(told.headers(), NOW + 998)).toBe(false);
  });

  it('is not early if its process was told nothing', () => {
    const told = new ToldClosing();
    told.read({});
    expect(told.headers()).toEqual({});
    expect(isEarly(told.headers(), NOW)).toBe(false);
  });

  it('heeds the latest of several ends', () => {
    const told = new ToldClosing();
    told.read(closingHeader(5000, NOW));
    told.read(closingHeader(1000, NOW + 10));
    expect(isEarly(told.headers(), NOW + 2000)).toBe(true);
  });
});

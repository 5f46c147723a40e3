import { bytes, micros, number, time, times } from '../../benchmarks/format.js';

describe('figures', () => {
  it.each([
    [number(1234567), '1,234,567'],
    [micros(0.126), '0.13 µs'],
    [micros(-0.5), '-0.50 µs'],
    [micros(1234.5), '1,235 µs'],
    [time(1.25), '1.3 ms'],
    [time(250.4), '250 ms'],
    [time(1500), '1.5 s'],
    [time(61_400), '61 s'],
    [bytes(2847.6), '2,848 B'],
    [bytes(-0.2), '0 B'],
    [times(0.345), '0.35 ×'],
  ])('read %s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

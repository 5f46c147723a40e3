// Figures as people read them.

/** With commas; as many decimals as asked for. */
export function number(value: number, decimals = 0): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString('en-US', digits);
}

/** @param value - Microseconds. */
export function micros(value: number): string {
  return `${number(value, Math.abs(value) < 100 ? 2 : 0)} µs`;
}

/** @param value - Milliseconds. */
export function time(value: number): string {
  if (value >= 10_000) return `${number(value / 1000, 0)} s`;
  if (value >= 1000) return `${number(value / 1000, 1)} s`;
  return `${number(value, value < 10 ? 1 : 0)} ms`;
}

/** @param value - Bytes. */
export function bytes(value: number): string {
  // Never "-0".
  return `${number(Math.round(value) || 0)} B`;
}

export function times(value: number): string {
  return `${number(value, 2)} ×`;
}

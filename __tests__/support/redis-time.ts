/** The script, with its time from the last two arguments instead of Redis's clock. */
export function timed(script: string): string {
  const text = script.replace("redis.call('TIME')", '{ ARGV[#ARGV - 1], ARGV[#ARGV] }');
  if (text === script) throw new Error('The script does not ask for the time as it did.');
  return text;
}

/**
 * The two arguments, in the form of Redis's `TIME`.
 *
 * @param now - Epoch milliseconds.
 */
export function timeArgs(now: number): [seconds: string, microseconds: string] {
  const seconds = Math.floor(now / 1000);
  return [String(seconds), String(Math.round((now - seconds * 1000) * 1000))];
}

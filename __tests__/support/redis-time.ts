/**
 * The script, with its time from the last two arguments instead of Redis's clock, and with what it publishes in its
 * reply: `[reply, message or nothing]`.
 */
export function timed(script: string): string {
  return [
    ["redis.call('TIME')", '{ ARGV[#ARGV - 1], ARGV[#ARGV] }'],
    ["redis.pcall('PUBLISH', channel, ", 'published = ('],
    ['local isNews = false\n', 'local isNews, published = false, false\n'],
    ['\nreturn reply\n', '\nreturn { reply, published }\n'],
  ].reduce((text, [from = '', to = '']) => replaceOnce(text, from, to), script);
}

function replaceOnce(text: string, from: string, to: string): string {
  const replaced = text.replace(from, to);
  if (replaced === text) throw new Error(`The script has no ${from} any more.`);
  return replaced;
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

// How Axios joins a URL to a base URL, and a URL as it may be shown.

/** Axios takes such a URL as absolute and does not append it to a base. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/** Whether Axios appends a URL to a base URL. */
export function usesBaseUrl(url: string, base: string, allowAbsoluteUrls: unknown): boolean {
  return base !== '' && (!ABSOLUTE.test(url) || allowAbsoluteUrls === false);
}

/** Removes slashes at the end; not by a regular expression, which may take the square of their number. */
export function withoutSlash(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}

/** Joins them as Axios does. */
export function joinUrl(base: string, url: string): string {
  return url === '' ? base : `${withoutSlash(base)}/${url.replace(/^\/+/, '')}`;
}

/** User info: after http and the like with any slashes and backslashes, after other schemes with `//`. */
const USER_INFO =
  /^(?:((?:https?:|wss?:|ftp:)[\\/]*|[\\/]{2,})[^\\/?#]*|((?!https?:|wss?:|ftp:|file:)[a-z][a-z\d+.-]*:\/\/)[^/?#]*)@/i;

/**
 * A URL to be shown.
 *
 * @returns The URL as it was given, but for any user info that a URL parser would find in it.
 */
export function withoutUserInfo(url: unknown): string {
  let given = '';
  try {
    given = String(url ?? '');
  } catch {
    // An object without a text.
  }
  // As a parser does: without leading control characters, and without tabs and newlines.
  const parsed = given.replace(/^[^!-\uffff]+|[\t\n\r]/g, '');
  const clean = parsed.replace(USER_INFO, '$1$2');
  return clean === parsed ? given : clean;
}

// How Axios joins a URL to a base URL.

/** Axios takes such a URL as absolute and does not append it to a base. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/** Whether Axios appends a URL to a base URL. */
export function usesBaseUrl(url: string, base: string, allowAbsoluteUrls: unknown): boolean {
  return base !== '' && (!ABSOLUTE.test(url) || allowAbsoluteUrls === false);
}

/** Joins them as Axios does. */
export function joinUrl(base: string, url: string): string {
  return url === '' ? base : `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}

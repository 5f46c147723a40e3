/** What Axios takes for absolute, and does not put after a base. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i;

/** Whether Axios puts a URL after a base. */
export function usesBaseUrl(url: string, base: string, allowAbsoluteUrls: unknown): boolean {
  return base !== '' && (!ABSOLUTE.test(url) || allowAbsoluteUrls === false);
}

/** As Axios joins them. */
export function joinUrl(base: string, url: string): string {
  return url === '' ? base : `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}

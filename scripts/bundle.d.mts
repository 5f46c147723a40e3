/** The size of code in a bundle (bytes), without Axios. */
export function bundleSize(code: string): Promise<{ minified: number; gzipped: number }>;

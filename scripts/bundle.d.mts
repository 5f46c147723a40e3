/** Bytes of a piece of code in a bundle, without Axios. */
export function bundleSize(code: string): Promise<{ minified: number; gzipped: number }>;

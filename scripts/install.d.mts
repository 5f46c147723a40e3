/** The root of the repository. */
export const ROOT: string;

/** Builds and packs the package once, and unpacks it into each folder's `node_modules`. */
export function unpackInto(folders: readonly string[]): void;

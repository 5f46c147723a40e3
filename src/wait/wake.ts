interface Listens {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/**
 * Runs `look` whenever a browser tells that time may have passed unseen: the tab is shown again,
 * the page comes back from the cache, the network is back. Elsewhere nothing happens.
 *
 * @returns Stops listening.
 */
export function onWake(look: () => void): () => void {
  const page = globalThis as Listens & { document?: Listens };
  const places: [Listens | undefined, string][] = [
    [page.document, 'visibilitychange'],
    [page, 'pageshow'],
    [page, 'online'],
  ];
  for (const [place, type] of places) place?.addEventListener?.(type, look);
  return () => {
    for (const [place, type] of places) place?.removeEventListener?.(type, look);
  };
}

// Tells when a browser may have slept.

interface Listens {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/**
 * Runs `check` when a browser reports that timers may have been late: the tab becomes visible, the page
 * returns from the back/forward cache, the network is back. Does nothing outside a browser.
 *
 * @returns The function that stops listening.
 */
export function onWake(check: () => void): () => void {
  const page = globalThis as Listens & { document?: Listens };
  const targets: [Listens | undefined, string][] = [
    [page.document, 'visibilitychange'],
    [page, 'pageshow'],
    [page, 'online'],
  ];
  for (const [target, type] of targets) target?.addEventListener?.(type, check);
  return () => {
    for (const [target, type] of targets) target?.removeEventListener?.(type, check);
  };
}

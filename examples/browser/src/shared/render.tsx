// Renders a page as soon as its requests will be answered.
import type { ReactNode } from 'react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

/** Whether the page is part of the documentation site, which has no server. */
export const isInSite = import.meta.env.MODE === 'site';

/** @param start - Runs before the page is rendered. */
export async function render(page: ReactNode, start?: () => void): Promise<void> {
  const problem = isInSite && (await (await import('./played.js')).playPlatform());
  if (!problem) start?.();
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>{problem ? <p className="problem">{problem}</p> : page}</StrictMode>,
  );
}

// In the documentation site, a service worker answers the page's requests in place of a server.
import url from '../service-worker.ts?worker&url';

/** Time for the worker to start (ms). */
const PATIENCE_MS = 10_000;

/**
 * Starts the worker, and waits until it answers this page's requests.
 *
 * @returns Why it does not, in words for people; undefined if it does.
 */
export async function playPlatform(): Promise<string | undefined> {
  try {
    await navigator.serviceWorker.register(url);
  } catch {
    return 'This page needs a service worker, which the browser does not allow here. Open it over https, in a window that is not private.';
  }
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, PATIENCE_MS, 'This page’s service worker did not start. Reload the page.');
  });
  return Promise.race([control(), late]);
}

/** After a forced reload, a page has no controller until the worker claims it. */
async function control(): Promise<undefined> {
  const { serviceWorker } = navigator;
  const { active } = await serviceWorker.ready;
  if (serviceWorker.controller) return;
  await new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    active?.postMessage('control this page');
  });
}

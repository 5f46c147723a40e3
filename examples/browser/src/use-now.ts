import { useSyncExternalStore } from 'react';
import { clock, handle } from './api.js';

/** Between two looks at the clock where nothing waits, or where less motion is wished for (ms). */
const CALM = 250;

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
const listeners = new Set<() => void>();
let now = clock.now();
let timer: ReturnType<typeof setTimeout> | undefined;
let frame = 0;

function look(): void {
  now = clock.now();
  for (const listener of listeners) listener();
  const calm = lessMotion.matches || handle.waits.length === 0;
  timer = setTimeout(nextFrame, calm ? CALM : 0);
}

/** In a frame, so that a page nobody sees does not tick. */
function nextFrame(): void {
  stop();
  frame = requestAnimationFrame(look);
}

function stop(): void {
  clearTimeout(timer);
  cancelAnimationFrame(frame);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nextFrame();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

/** The page's time (epoch ms), as it goes: one tick for all that count down. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

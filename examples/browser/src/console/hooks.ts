// React hooks: the waits of the plugin, and the time for their countdowns.
import type { RetryWait } from 'axios-status-retry';
import { useSyncExternalStore } from 'react';
import { clock, handle } from './api.js';

/** The waits under way. The plugin's handle is an external store for React. */
export function useWaits(): readonly RetryWait[] {
  return useSyncExternalStore(handle.subscribe, () => handle.waits);
}

/** The page's time in epoch milliseconds. One tick serves all countdowns. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** Milliseconds between two ticks when nothing waits, or when the person prefers less motion. */
const SLOW_TICK_MS = 250;

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');
const listeners = new Set<() => void>();
let now = clock.now();
let timer: ReturnType<typeof setTimeout> | undefined;
let frame = 0;

function tick(): void {
  now = clock.now();
  for (const listener of listeners) listener();
  const isSlow = lessMotion.matches || handle.waits.length === 0;
  timer = setTimeout(nextFrame, isSlow ? SLOW_TICK_MS : 0);
}

/** Ticks in an animation frame, so that a hidden page does not tick. */
function nextFrame(): void {
  stop();
  frame = requestAnimationFrame(tick);
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

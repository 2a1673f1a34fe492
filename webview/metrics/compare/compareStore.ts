import type { HostToRunPanel } from '../../../src/protocol/runPanel';
import { keepOnly, NOTHING_COMPARED, receiveComparison, type CompareState } from './compareState';

/** What is compared over time, as React's `useSyncExternalStore` reads it. */
export interface CompareStore {
  /** Hears the host from the first listener on. */
  subscribe(listener: () => void): () => void;
  snapshot(): CompareState;
  keepOnly(ids: readonly string[]): void;
}

/** Takes in what arrives and lets it be seen once an animation frame, as the panel's own store does. */
export function createCompareStore(
  listen: (listener: (message: HostToRunPanel) => void) => () => void,
): CompareStore {
  let state = NOTHING_COMPARED;
  let waiting: HostToRunPanel[] = [];
  let frame = 0;
  const listeners = new Set<() => void>();
  let stopListening: (() => void) | undefined;

  const change = (next: CompareState) => {
    if (next === state) return;
    state = next;
    listeners.forEach((listener) => listener());
  };
  const flush = () => {
    frame = 0;
    const arrived = waiting;
    waiting = [];
    change(arrived.reduce(receiveComparison, state));
  };
  const hear = (message: HostToRunPanel) => {
    waiting.push(message);
    frame ||= requestAnimationFrame(flush);
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      stopListening ??= listen(hear);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
    snapshot: () => state,
    keepOnly: (ids) => change(keepOnly(state, ids)),
  };
}

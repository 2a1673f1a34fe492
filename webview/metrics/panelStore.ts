import type { HostToRunPanel } from '../../src/protocol/runPanel';
import type { RunMessage } from '../../src/core/run/steering';
import { askFor, askToStop, NOTHING_TOLD, receiveMessage, type PanelState } from './panelState';

/** The panel's state over time, as React's `useSyncExternalStore` reads it. */
export interface PanelStore {
  subscribe(listener: () => void): () => void;
  snapshot(): PanelState;
  /** Remembers that a run was asked to stop. */
  stopAsked(id: string): void;
  /** Remembers what else a run was asked for, until it has heard. */
  asked(id: string, type: RunMessage['type']): void;
}

/**
 * Takes in what arrives and lets it be seen once an animation frame: a fast trainer sends hundreds of events a
 * second, and nobody sees more than a frame of them.
 */
export function createPanelStore(
  onMessage: (listener: (message: HostToRunPanel) => void) => void,
): PanelStore {
  let panel = NOTHING_TOLD;
  let waiting: { readonly message: HostToRunPanel; readonly at: number }[] = [];
  const listeners = new Set<() => void>();

  const change = (next: PanelState) => {
    panel = next;
    listeners.forEach((listener) => listener());
  };
  const flush = () => {
    const arrived = waiting;
    waiting = [];
    change(arrived.reduce((told, { message, at }) => receiveMessage(told, message, at), panel));
  };
  onMessage((message) => {
    waiting.push({ message, at: Date.now() });
    if (waiting.length === 1) requestAnimationFrame(flush);
  });
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => panel,
    stopAsked: (id) => change(askToStop(panel, id)),
    asked: (id, type) => change(askFor(panel, id, type)),
  };
}

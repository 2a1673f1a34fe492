import type { RunEvent, RunStatus } from '../core/run/events';

/** Host ↔ run panel webview. Run folders are the source of truth; the host reads them and passes events on. */
export const RUN_PANEL_PROTOCOL = 1;

export interface RunView {
  /** The run folder's path. */
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
}

export type HostToRunPanel =
  /** Every known run, newest first, and which one is shown. */
  | {
      readonly type: 'runs';
      readonly protocol: number;
      readonly runs: readonly RunView[];
      readonly shown: string | null;
      /** Where this webview is; an editor tab does not offer to open another. Left out is `panel`. */
      readonly place?: 'panel' | 'tab';
    }
  /** The whole history of the shown run; replaces what was drawn. */
  | { readonly type: 'history'; readonly run: RunView; readonly events: readonly RunEvent[] }
  /** What was appended to the shown run since. */
  | {
      readonly type: 'events';
      readonly id: string;
      readonly status: RunStatus;
      readonly events: readonly RunEvent[];
    };

export type RunPanelToHost =
  | { readonly type: 'ready'; readonly protocol: number }
  | { readonly type: 'show'; readonly id: string }
  | { readonly type: 'stop'; readonly id: string }
  | { readonly type: 'openResult'; readonly id: string }
  | { readonly type: 'revealFolder'; readonly id: string }
  | { readonly type: 'openInTab' };

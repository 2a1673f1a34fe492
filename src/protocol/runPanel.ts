import type { Metrics, RunEvent, RunStatus } from '../core/run/events';
import type { RunFault } from '../core/run/health';
import type { MachineStatus } from '../core/run/machine';
import type { RunMessage } from '../core/run/steering';
import type { ComparisonFromPage, ComparisonToPage } from './runComparison';
import type { RunExportToHost } from './runExport';
import type { RunHealthFromPage, RunHealthToPage } from './runHealth';
import type { JudgingFromPage, JudgingToPage } from './judging';
import type { PackedSteps } from './packedSteps';

/** Host ↔ run panel webview. Run folders are the source of truth; the host reads them and passes events on. */
export const RUN_PANEL_PROTOCOL = 1;

/** How a run that is going on can be steered: whoever started it, and from whichever window. */
export interface Steering {
  /** A stop goes back to the weights of the best epoch first. */
  readonly keepsBest: boolean;
  /** What the plan begins each phase's learning rate with. */
  readonly rates: readonly number[];
}

export interface RunView {
  /** The run folder's path. */
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  /** In short, as people sort their runs. */
  readonly tags?: readonly string[];
  /** The gravest thing that is wrong with its folder. */
  readonly fault?: RunFault;
  /** Of its last epoch, as far as they were found without reading all of it. */
  readonly metrics?: Metrics;
  /** Left out for a run that is over. */
  readonly steering?: Steering;
}

export type HostToRunPanel =
  | RunHealthToPage
  | JudgingToPage
  | ComparisonToPage
  /** Every known run, newest first, and which one is shown. */
  | {
      readonly type: 'runs';
      readonly protocol: number;
      readonly runs: readonly RunView[];
      readonly shown: string | null;
      /** Where this webview is; an editor tab does not offer to open another. Left out is `panel`. */
      readonly place?: 'panel' | 'tab';
    }
  /** The history of the shown run; replaces what was drawn. A long one comes in parts, and is drawn when all have come. */
  | {
      readonly type: 'history';
      readonly run: RunView;
      readonly events: readonly RunEvent[];
      /** Steps that are not among `events`, and how many of them came before each of these. */
      readonly steps?: PackedSteps;
      readonly before?: readonly number[];
      /** It goes on from the message before. */
      readonly continues?: boolean;
      /** Another part of it follows. */
      readonly more?: boolean;
    }
  /** What was appended to the shown run since. */
  | {
      readonly type: 'events';
      readonly id: string;
      readonly status: RunStatus;
      readonly events: readonly RunEvent[];
    }
  /** What the shown run takes of its machine now, while it goes on. */
  | { readonly type: 'machine'; readonly id: string; readonly machine: MachineStatus };

export type RunPanelToHost =
  | RunHealthFromPage
  | RunExportToHost
  | JudgingFromPage
  | ComparisonFromPage
  | { readonly type: 'ready'; readonly protocol: number }
  | { readonly type: 'show'; readonly id: string }
  | { readonly type: 'stop'; readonly id: string }
  /** Pauses a run, lets it go on, asks for a checkpoint or another learning rate; its events say when it has heard. */
  | { readonly type: 'steer'; readonly id: string; readonly message: RunMessage }
  /** Goes on with a run that was interrupted, from its newest checkpoint. */
  | { readonly type: 'resumeRun'; readonly id: string }
  /** Trains a run that is over for more epochs; the host asks how many. */
  | { readonly type: 'trainLonger'; readonly id: string }
  /** Opens the training form with what the run's plan says. */
  | { readonly type: 'startAgain'; readonly id: string }
  | { readonly type: 'openResult'; readonly id: string }
  | { readonly type: 'revealFolder'; readonly id: string }
  | { readonly type: 'openInTab' };

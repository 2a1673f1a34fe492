import type { Comparison } from '../core/run/compare';
import type { RunEvent, RunStatus } from '../core/run/events';
import type { PackedSteps } from './packedSteps';

/** Host ↔ run panel webview: runs beside each other. */

/** As many colours can be told apart; a table of more is read by nobody. */
export const MOST_COMPARED = 12;

/** Runs of one freeze sweep: they share an id in their `sweep.json`. */
export interface RunSeries {
  readonly id: string;
  /** From all frozen to nothing frozen; more than can be compared are left out. */
  readonly runs: readonly string[];
}

export type ComparisonToPage =
  /** Somebody chose runs elsewhere: show them beside each other. Those of a series that `grows` only beside those before. */
  | { readonly type: 'openComparison'; readonly ids: readonly string[]; readonly grows?: boolean }
  /** The series that known runs are of, newest first. */
  | { readonly type: 'series'; readonly series: readonly RunSeries[] }
  /** A part of a chosen run's history: steps as columns, of a long run the extremes of neighbours alone. */
  | {
      readonly type: 'comparedHistory';
      readonly id: string;
      readonly events: readonly RunEvent[];
      /** How many of the steps came before each of `events`. */
      readonly before: readonly number[];
      readonly steps: PackedSteps;
      /** It goes on from the message before. */
      readonly continues: boolean;
      /** Another part of it follows. */
      readonly more: boolean;
    }
  /** What was appended to a chosen run since. */
  | {
      readonly type: 'comparedEvents';
      readonly id: string;
      readonly status: RunStatus;
      readonly events: readonly RunEvent[];
    }
  /** The table, and again whenever an epoch changes it. */
  | {
      readonly type: 'comparison';
      readonly ids: readonly string[];
      readonly comparison: Comparison;
      /** What a best epoch can go by, as the runs measured it. */
      readonly monitors: readonly string[];
    }
  /** A chosen run that cannot be read. */
  | { readonly type: 'notCompared'; readonly id: string; readonly message: string };

export type ComparisonFromPage =
  /** The runs that are chosen now, in place of those before; none when the page shows something else. */
  | {
      readonly type: 'compareRuns';
      readonly ids: readonly string[];
      /** Those whose history the page has, and is kept up to date of. */
      readonly known: readonly string[];
      /** What the best epochs go by; each run's own where null. */
      readonly monitor: string | null;
    }
  | { readonly type: 'copyComparison'; readonly as: 'markdown' | 'csv' };

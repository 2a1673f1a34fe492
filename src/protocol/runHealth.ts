import type { RunHealth } from '../core/run/health';

/** What the page asks about a run's folder, and does where something is wrong with it. */
export type RunHealthFromPage =
  | { readonly type: 'askHealth'; readonly id: string }
  | { readonly type: 'openLog'; readonly id: string }
  /** Trains as the run's plan says, in a new folder. */
  | { readonly type: 'trainAgain'; readonly id: string }
  /** Moves the run's folder to the trash, once people have said yes. */
  | { readonly type: 'deleteRun'; readonly id: string };

export interface RunHealthToPage {
  readonly type: 'health';
  readonly id: string;
  readonly health: RunHealth;
}

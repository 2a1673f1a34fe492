import type { RunStatus } from '../../../src/core/run/events';
import type { RunState } from '../runState';

/** A chosen run whose history has come. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Of its colour. */
  readonly slot: number;
  readonly state: RunState;
  /** Its best epoch, where it has one. */
  readonly best: number | null;
}

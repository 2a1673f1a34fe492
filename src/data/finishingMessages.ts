import type { Unfinished } from './finishPixels';

/** What a finishing thread is asked; what it is asked first it answers first. */
export interface FinishRequest {
  readonly request: number;
  readonly samples: readonly Unfinished[];
}

export interface FinishResult {
  readonly request: number;
  /** The samples one after another. */
  readonly numbers: Float32Array<ArrayBuffer>;
}

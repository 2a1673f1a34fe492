import type { FuzzedName } from './corpus/corpus';

/** A stretch of a format's damaged files: those with the numbers `from` to `to` - 1. */
export interface Stretch {
  readonly format: FuzzedName;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** What the child is asked for. */
export type ToChild = Stretch;

/**
 * - `internal`: an error that is no failure, which people would see as a defect
 * - `message`: a failure that is too long to read, or holds characters that break a line
 * - `reached`: another file, a socket, a program
 * - `left`: a file that stayed open, or a temporary one that stayed
 * - `poisoned`: a good file cannot be read after it
 * - `hang`, `crash`, `memory`: what the parent saw
 */
export type FindKind = 'internal' | 'message' | 'reached' | 'left' | 'poisoned' | 'hang' | 'crash' | 'memory';

export interface Find {
  readonly kind: FindKind;
  /** What was seen. */
  readonly text: string;
}

/** What became of one file. */
export interface FileDone {
  readonly type: 'done';
  readonly at: number;
  /** Of the failure; none where there is a graph. */
  readonly code?: string;
  /** Codes of what was refused after opening: weights, a graft. */
  readonly later: readonly string[];
  readonly finds: readonly Find[];
  /** The most memory that the child ever had resident, in bytes. */
  readonly peakBytes: number;
}

export type FromChild = FileDone | { readonly type: 'ready' };

/** The child's exit status where it is itself at fault, not the file. */
export const OWN_FAULT = 70;

import type { FromTrainer, ToTrainer } from '../protocol/trainer';

/** How a child ended: a code or a signal, as the operating system said. */
export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TrainerProcess {
  readonly pid: number;
  /** Everything the child says after its handshake. Returns a function that stops listening. */
  onMessage(listener: (message: FromTrainer) => void): () => void;
  /** Asks it to stop after the current step; ends its whole process tree if it has not within the grace period. */
  stop(): Promise<TrainerExit>;
  /** Always resolves. */
  readonly exited: Promise<TrainerExit>;
  /** The tail of what it wrote to stderr. */
  log(): string;
}

export interface TrainerOptions {
  /** `dist/trainer.js` beside the caller's bundle. */
  readonly entry: string;
  /** Outlives the parent: the run goes on when a window closes. */
  readonly detached?: boolean;
  /** The Node binary; this process's own where left out. */
  readonly node?: string;
}

/** Starts a child, waits for its handshake and sends it one request. */
export declare function startTrainer(request: ToTrainer, options: TrainerOptions): Promise<TrainerProcess>;

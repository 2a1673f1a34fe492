/** What somebody asks of a run while it goes, heard between two steps. */
export type Ask =
  | { readonly type: 'saveCheckpoint' }
  /** For the rest of the phase. */
  | { readonly type: 'setLearningRate'; readonly learningRate: number };

/** The wishes of whoever steers a run: messages and signals come in here, the loop takes them between two steps. */
export class RunControl {
  private waiting = false;
  private asks: Ask[] = [];
  private wake: () => void = () => undefined;
  /** Whether a run that is stopped goes back to its best epoch. */
  keepBest = false;

  /** @param stop aborted when the run is to end: the step in hand is the last */
  constructor(readonly stop: AbortSignal) {
    stop.addEventListener('abort', () => this.wake());
  }

  get paused(): boolean {
    return this.waiting;
  }

  pause(): void {
    this.waiting = true;
    this.wake();
  }

  resume(): void {
    this.waiting = false;
    this.wake();
  }

  ask(ask: Ask): void {
    this.asks.push(ask);
    this.wake();
  }

  /** What was asked since the last time, in order. */
  take(): readonly Ask[] {
    const asks = this.asks;
    this.asks = [];
    return asks;
  }

  /** Resolves with the next wish that comes. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

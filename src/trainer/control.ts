import type { RunMessage, StopMessage } from '../core/run/steering';

/** What somebody asks of a run while it goes, heard between two steps. */
export type Ask = Extract<RunMessage, { type: 'saveCheckpoint' | 'setLearningRate' }>;

/** The wishes of whoever steers a run: messages come in here, by the channel or by the run's folder; the loop takes them between two steps. */
export class RunControl {
  private waiting = false;
  private asks: Ask[] = [];
  private wake: () => void = () => undefined;
  /** Whether a run that is stopped goes back to its best epoch. */
  keepBest = false;

  /**
   * @param stop aborted when the run is to end: the step in hand is the last
   * @param interrupt aborts it
   */
  constructor(
    readonly stop: AbortSignal,
    private readonly interrupt: () => void,
  ) {
    stop.addEventListener('abort', () => this.wake());
  }

  get paused(): boolean {
    return this.waiting;
  }

  /** Takes in what somebody asks, whichever way it came. */
  hear(message: RunMessage | StopMessage): void {
    switch (message.type) {
      case 'stop':
        this.keepBest ||= message.keepBest === true;
        return this.interrupt();
      case 'pause':
        this.waiting = true;
        break;
      case 'resume':
        this.waiting = false;
        break;
      default:
        this.asks.push(message);
    }
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

import type { RunEvent } from '../core/run/events';
import { progressAfter, START, type Progress } from './progress';
import { renderBar, renderEvent } from './renderProgress';
import type { Terminal } from './terminal';

/** Redraws one line in a terminal; elsewhere writes whole lines only. */
export class Screen {
  private progress: Progress = START;
  private drawn = false;

  constructor(private readonly terminal: Terminal) {}

  /** Takes note of what a run said first, before it was interrupted. */
  begin(event: RunEvent | undefined): void {
    if (event) this.progress = progressAfter(this.progress, event);
  }

  show(event: RunEvent, folder: string): void {
    this.progress = progressAfter(this.progress, event);
    const line = renderEvent(event, this.progress, folder);
    if (line !== undefined) {
      this.clear();
      if (event.type === 'warning') this.terminal.warn(line);
      else this.terminal.write(`${line}\n`);
    }
    if (event.type === 'step' && this.terminal.columns !== undefined) {
      this.terminal.write(`\r${renderBar(this.progress, this.terminal.columns)}\u001b[K`);
      this.drawn = true;
    }
  }

  clear(): void {
    if (this.drawn) this.terminal.write('\r\u001b[K');
    this.drawn = false;
  }
}

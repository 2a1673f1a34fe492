import { HistoryBuilder, type RunHistory } from './history';
import { thinHistory } from './thinHistory';

/** Of a million steps some fifteen thousand are left, an extreme of each metric in every screen's pixel. */
const BUCKET = 512;

/**
 * A long history as a short one that looks like it, put together part by part: what is drawn while all of its steps are on
 * their way. A history of a single part stays as it is.
 */
export class HistoryOverview {
  private readonly builder = new HistoryBuilder();
  private parts = 0;
  private first: RunHistory | undefined;

  add(part: RunHistory): void {
    this.parts++;
    if (this.parts === 1) {
      this.first = part;
      return;
    }
    if (this.first) this.append(this.first);
    this.first = undefined;
    this.append(part);
  }

  /** Whether `take` gives all that was added. */
  get isWhole(): boolean {
    return this.parts <= 1;
  }

  take(): RunHistory {
    return this.first ?? this.builder.take();
  }

  private append(part: RunHistory): void {
    const { events, before, steps } = thinHistory(part, BUCKET);
    const metrics = Object.entries(steps.metrics);
    let row = 0;
    const addUpTo = (end: number) => {
      for (; row < end; row++) {
        this.builder.addStep(steps.step[row]!, steps.epoch[row]!, steps.time[row]!);
        for (const [name, values] of metrics) this.builder.setMetric(name, values[row]!);
      }
    };
    for (const [index, event] of events.entries()) {
      addUpTo(before[index]!);
      this.builder.add(event);
    }
    addUpTo(steps.length);
  }
}

import type { Metrics } from '../core/run/events';
import type { BatchResult } from './executor';

/** Sums over samples, batch by batch; their means are Keras's epoch metrics. */
export class Means {
  private readonly sums = new Map<string, number>();
  private count = 0;

  get samples(): number {
    return this.count;
  }

  add(result: BatchResult): void {
    this.count += result.samples;
    for (const [name, sum] of Object.entries(result.sums))
      this.sums.set(name, (this.sums.get(name) ?? 0) + sum);
  }

  /** @param prefix `val_` for validation */
  metrics(prefix = ''): Metrics {
    return Object.fromEntries([...this.sums].map(([name, sum]) => [prefix + name, sum / this.count]));
  }
}

export function metricsOf(result: BatchResult): Metrics {
  return Object.fromEntries(Object.entries(result.sums).map(([name, sum]) => [name, sum / result.samples]));
}

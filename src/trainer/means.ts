import type { Metrics } from '../core/run/events';
import type { BatchResult } from './executor';
import { added, valueOf, type Tally } from './metrics/confusion';

/** What was added up, as a checkpoint keeps it. */
export interface MeansSoFar {
  readonly samples: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly tallies?: Readonly<Record<string, Tally>> | undefined;
}

/** What batches add up to; over all of an epoch's, Keras's epoch metrics. */
export class Means {
  private readonly sums = new Map<string, number>();
  private readonly tallies = new Map<string, Tally>();
  private count = 0;

  /** Goes on adding from there. */
  static from(soFar: MeansSoFar): Means {
    const means = new Means();
    means.add(soFar);
    return means;
  }

  get samples(): number {
    return this.count;
  }

  add({ samples, sums, tallies = {} }: MeansSoFar): void {
    this.count += samples;
    for (const [name, sum] of Object.entries(sums)) this.sums.set(name, (this.sums.get(name) ?? 0) + sum);
    for (const [name, tally] of Object.entries(tallies)) {
      this.tallies.set(name, added(this.tallies.get(name), tally));
    }
  }

  soFar(): MeansSoFar {
    return {
      samples: this.count,
      sums: Object.fromEntries(this.sums),
      ...(this.tallies.size > 0 && { tallies: Object.fromEntries(this.tallies) }),
    };
  }

  /** @param prefix `val_` for validation */
  metrics(prefix = ''): Metrics {
    const means = [...this.sums].map(([name, sum]) => [prefix + name, sum / this.count] as const);
    const others = [...this.tallies].map(([name, tally]) => [prefix + name, valueOf(name, tally)] as const);
    return Object.fromEntries([...means, ...others]);
  }
}

export function metricsOf(result: BatchResult): Metrics {
  const means = new Means();
  means.add(result);
  return means.metrics();
}

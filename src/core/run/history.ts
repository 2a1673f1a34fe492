import type { Metrics, RunEvent, StepEvent } from './events';

/**
 * A run's events with its steps as columns: a long run is millions of steps and a few thousand events of other types, and
 * as objects its steps would take ten times the memory and the time.
 */
export interface RunHistory {
  /** All but the steps, in order. */
  readonly events: readonly RunEvent[];
  /** How many of the steps were told before each of `events`. */
  readonly before: readonly number[];
  readonly steps: StepColumns;
}

/** Steps as columns of one length, in the order in which they were told. */
export interface StepColumns {
  readonly length: number;
  readonly step: Float64Array;
  readonly epoch: Float64Array;
  /** Milliseconds since 1970 UTC. */
  readonly time: Float64Array;
  /** By Keras's history name; NaN where a metric was no number, `NOT_TOLD` where a step said nothing of it. */
  readonly metrics: Readonly<Record<string, Float64Array>>;
}

/** JSON has no infinity, so no metric is. */
export const NOT_TOLD = Infinity;

/** A column a metric, however short: a log that names another metric in each step would fill the memory. */
export const MOST_METRICS = 100;

const FIRST_CAPACITY = 256;

/** Gathers events into columns. */
export class HistoryBuilder {
  private readonly names = new Set<string>();
  private events: RunEvent[] = [];
  private before: number[] = [];
  private capacity = 0;
  private rows = 0;
  private step = new Float64Array(0);
  private epoch = new Float64Array(0);
  private time = new Float64Array(0);
  private metrics = new Map<string, Float64Array>();

  /** Steps since the last `take`. */
  get length(): number {
    return this.rows;
  }

  add(event: RunEvent): void {
    if (event.type !== 'step') {
      this.events.push(event);
      this.before.push(this.rows);
      return;
    }
    this.addStep(event.step, event.epoch, event.time);
    for (const name of Object.keys(event.metrics)) this.setMetric(name, event.metrics[name] ?? NaN);
  }

  /** A step of which no metric is told yet. */
  addStep(step: number, epoch: number, time: number): void {
    if (this.rows === this.capacity) this.grow();
    this.step[this.rows] = step;
    this.epoch[this.rows] = epoch;
    this.time[this.rows] = time;
    this.rows++;
  }

  /** Of the step added last. Metrics beyond the first `MOST_METRICS` are left out. */
  setMetric(name: string, value: number): void {
    const column = this.metrics.get(name) ?? this.addColumn(name);
    if (column) column[this.rows - 1] = value;
  }

  /** All that was added since this was asked last. */
  take(): RunHistory {
    const { events, before, rows } = this;
    // Whole buffers, not views of larger ones: a message carries all of a view's buffer.
    const whole = (column: Float64Array) => (column.length === rows ? column : column.slice(0, rows));
    const { step, epoch, time, metrics } = this;
    const taken = {
      events,
      before,
      steps: {
        length: rows,
        step: whole(step),
        epoch: whole(epoch),
        time: whole(time),
        metrics: Object.fromEntries([...metrics].map(([name, column]) => [name, whole(column)])),
      },
    };
    this.events = [];
    this.before = [];
    this.rows = this.capacity = 0;
    this.step = this.epoch = this.time = new Float64Array(0);
    this.metrics = new Map();
    return taken;
  }

  private addColumn(name: string): Float64Array | undefined {
    if (this.names.size === MOST_METRICS && !this.names.has(name)) return undefined;
    this.names.add(name);
    const column = new Float64Array(this.capacity).fill(NOT_TOLD);
    this.metrics.set(name, column);
    return column;
  }

  private grow(): void {
    const old = this.capacity;
    this.capacity = Math.max(FIRST_CAPACITY, old * 2);
    const longer = (column: Float64Array) => {
      const grown = new Float64Array(this.capacity);
      grown.set(column);
      return grown;
    };
    this.step = longer(this.step);
    this.epoch = longer(this.epoch);
    this.time = longer(this.time);
    for (const [name, column] of this.metrics) this.metrics.set(name, longer(column).fill(NOT_TOLD, old));
  }
}

export function historyOf(events: readonly RunEvent[]): RunHistory {
  const builder = new HistoryBuilder();
  for (const event of events) builder.add(event);
  return builder.take();
}

export function stepAt({ step, epoch, time, metrics }: StepColumns, index: number): StepEvent {
  const told: Metrics = Object.fromEntries(
    Object.entries(metrics).flatMap(([name, column]) => {
      const value = column[index] ?? NOT_TOLD;
      return value === NOT_TOLD ? [] : [[name, value]];
    }),
  );
  const of = (column: Float64Array) => column[index] ?? NaN;
  return { type: 'step', time: of(time), step: of(step), epoch: of(epoch), metrics: told };
}

/** Appends an event to a list that keeps, of steps that follow one another, the latest alone. */
export function keepLatest(events: RunEvent[], event: RunEvent): void {
  if (event.type === 'step' && events.at(-1)?.type === 'step') events.pop();
  events.push(event);
}

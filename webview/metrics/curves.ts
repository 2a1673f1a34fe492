import type { EpochEvent } from '../../src/core/run/events';
import { Column } from './column';
import { bucketWidth } from '../../src/core/run/downsample';
import type { Range } from '../../src/core/run/range';
import { finiteMetric, type RunState } from './runState';
import type { Smoothing } from './smooth';
import { thinOut, type Thinner } from './thinning';

/** What one chart draws: lists of one length, as uPlot takes them. `undefined` is no point here, `null` a gap. */
export interface Curves {
  readonly steps: readonly number[];
  /** Training, a step's batch each. */
  readonly raw: Curve;
  readonly smoothed: Curve;
  /** Training, an epoch's mean at its last step. */
  readonly training: Curve;
  readonly validation: Curve;
  /** Lowest and highest of everything drawn; null where nothing is. */
  readonly extent: Range | null;
}

export type Point = number | null | undefined;
export type Curve = readonly Point[];

export interface CurveOptions {
  readonly metric: string;
  readonly smoothing: Smoothing;
  /** Steps on the x axis. */
  readonly range: Range;
  /** Across the plot, to know how much detail can be seen. */
  readonly pixels: number;
  /** Only values above zero can be drawn on a logarithmic axis. */
  readonly logarithmic: boolean;
  /** Left out where a series is drawn once. */
  readonly thin?: Thinner;
}

/** The metrics that have a chart, by Keras's name without `val_`: the known ones first, loss always. */
export function chartedMetrics(state: RunState): readonly string[] {
  const names = new Set<string>(['loss', 'accuracy']);
  const told = [
    ...Object.keys(state.steps.metrics),
    ...state.epochs.flatMap(({ metrics }) => Object.keys(metrics)),
  ];
  for (const name of told) names.add(name.replace(/^val_/, ''));
  if (told.length > 0 && !told.some((name) => name.replace(/^val_/, '') === 'accuracy'))
    names.delete('accuracy');
  return [...names];
}

export function drawCurves(state: RunState, options: CurveOptions): Curves {
  const { steps } = state;
  const column = steps.metrics[options.metric] ?? Column.filled(steps.step.length, NaN);
  // One point more on either side, for the line that leaves the picture.
  const from = Math.max(0, steps.step.lowerBound(options.range.min) - 1);
  const to = Math.min(steps.step.length, steps.step.lowerBound(options.range.max + 1) + 1);
  const width = bucketWidth(options.range.max - options.range.min, options.pixels);
  const kept = (options.thin ?? thinOut)(steps.step, column, from, to, width);
  return join(state, options, column, kept);
}

/** Steps and epochs on one list of x: both ascend, and an epoch stands at its last step. */
function join(
  { steps: table, epochs }: RunState,
  { metric, smoothing, range, logarithmic }: CurveOptions,
  column: Column,
  kept: readonly number[],
): Curves {
  const [steps, raw, smoothed, training, validation]: [number[], Point[], Point[], Point[], Point[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  let [min, max] = [Infinity, -Infinity];
  let next = 0;

  for (const epoch of epochs) {
    while (stepAt(next) < epoch.step) addRow(stepAt(next), kept[next++], undefined);
    addRow(epoch.step, stepAt(next) === epoch.step ? kept[next++] : undefined, epoch);
  }
  while (next < kept.length) addRow(stepAt(next), kept[next++], undefined);
  return { steps, raw, smoothed, training, validation, extent: min <= max ? { min, max } : null };

  /** NaN past the end. */
  function stepAt(place: number): number {
    return table.step.at(kept[place] ?? -1);
  }

  function addRow(step: number, index: number | undefined, epoch: EpochEvent | undefined): void {
    steps.push(step);
    raw.push(index === undefined ? undefined : point(column.at(index), step));
    smoothed.push(index === undefined ? undefined : point(smoothing.values.at(index), step));
    // An epoch without the metric has no point; that is no gap in the line through the others.
    training.push((epoch && point(finiteMetric(epoch.metrics, metric), step)) ?? undefined);
    validation.push((epoch && point(finiteMetric(epoch.metrics, `val_${metric}`), step)) ?? undefined);
  }

  function point(value: number, step: number): number | null {
    if (Number.isNaN(value) || (logarithmic && value <= 0)) return null;
    if (step >= range.min && step <= range.max) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return value;
  }
}

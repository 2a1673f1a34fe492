import { drawCurves, type Curve, type Point } from '../curves';
import type { Range } from '../../../src/core/run/range';
import type { RunState } from '../runState';
import type { Smoothing } from '../smooth';
import type { XScale } from '../xAxis';

/** One run's part of a chart that shows several. */
export interface OverlaidRun {
  readonly state: RunState;
  readonly scale: XScale;
  readonly smoothing: Smoothing;
}

export interface OverlayOptions {
  readonly metric: string;
  /** On the x axis, in its unit: runs of different lengths share it. */
  readonly range: Range;
  /** Across the plot, to know how much detail can be seen. */
  readonly pixels: number;
  readonly logarithmic: boolean;
  /** Which of the curves are drawn. */
  readonly training: boolean;
  readonly validation: boolean;
}

/** Lists of one length, as uPlot takes them. */
export interface Overlay {
  readonly xs: readonly number[];
  /** Two a run: training, then validation; empty where it is not drawn. */
  readonly lines: readonly Curve[];
  /** Lowest and highest of what is in range; null where nothing is. */
  readonly extent: Range | null;
}

/** The curves of several runs on one list of x. Training is smoothed steps, or epochs' means where steps tell nothing. */
export function overlayRuns(runs: readonly OverlaidRun[], options: OverlayOptions): Overlay {
  const { metric, range, pixels, logarithmic } = options;
  const drawn = runs.map(({ state, scale, smoothing }) => {
    const steps = { min: scale.toStep(range.min), max: scale.toStep(range.max) };
    const curves = drawCurves(state, { metric, smoothing, range: steps, pixels, logarithmic });
    const training = metric in state.steps.metrics ? curves.smoothed : curves.training;
    return { xs: curves.steps.map((step) => scale.toX(step)), training, validation: curves.validation };
  });
  const xs = ascending(drawn.flatMap((run) => run.xs));
  const lines = drawn.flatMap((run) => [
    options.training ? placeOn(xs, run.xs, run.training) : [],
    options.validation ? placeOn(xs, run.xs, run.validation) : [],
  ]);
  return { xs, lines, extent: extentOf(xs, lines, range) };
}

function ascending(values: readonly number[]): readonly number[] {
  return [...Float64Array.from(new Set(values)).sort()];
}

/** A curve on a longer list that holds all of its x; elsewhere it has no point, which is no gap. */
function placeOn(xs: readonly number[], own: readonly number[], curve: Curve): Curve {
  const placed = new Array<Point>(xs.length).fill(undefined);
  let at = 0;
  own.forEach((x, index) => {
    while (xs[at]! < x) at++;
    // Where two of its points share an x, the one that has a value.
    placed[at] = curve[index] ?? placed[at] ?? curve[index];
  });
  return placed;
}

function extentOf(xs: readonly number[], lines: readonly Curve[], range: Range): Range | null {
  let [min, max] = [Infinity, -Infinity];
  for (const line of lines) {
    for (const [index, value] of line.entries()) {
      if (typeof value !== 'number' || xs[index]! < range.min || xs[index]! > range.max) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min <= max ? { min, max } : null;
}

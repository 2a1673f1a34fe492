import { formatSteps } from './axisLabels';
import { alongAxis, valueAxis } from './chartAxes';
import { chartMarks } from './chartMarks';
import { chartSvg, type ChartColours, type PictureCurve } from './chartSvg';
import type { ReportedRun } from './report';
import { bucketWidth, downsample } from './downsample';
import { measuredRows, type Measured } from './measured';
import { isShare, metricTitle } from './metricWords';
import { metricNames, outcomeOf } from './outcome';
import { chooseRange, type Range } from './range';
import { WHOLE_INCREMENTS } from './ticks';
import { t } from '../../l10n/translate';

/** One metric's curves, in training and in validation. */
export interface ReportChart {
  /** By Keras's history name, without `val_`. */
  readonly metric: string;
  readonly title: string;
  readonly svg: string;
}

/** More metrics than any plan measures: names come from a file that may hold any number of them. */
const MOST_CHARTS = 64;

const WIDTH = 760;
const HEIGHT = 380;
/** A report is read on paper and on white pages: VS Code's light theme has these colours for charts. */
const COLOURS: ChartColours = {
  background: '#ffffff',
  text: '#3b3b3b',
  muted: '#616161',
  grid: '#e8e8e8',
  training: '#1a85ff',
  validation: '#d18616',
  best: '#388a34',
};
const FONT = 'system-ui, Segoe UI, Ubuntu, DejaVu Sans, sans-serif';

/**
 * The pictures of a report: a chart a metric, by step, loss first. Steps are faint behind the means of the epochs; a
 * metric that never was a number has none.
 */
export function reportCharts(run: Pick<ReportedRun, 'name' | 'events' | 'plan'>): readonly ReportChart[] {
  const rows = measuredRows(run.events);
  const names = metricNames(rows.map(({ metrics }) => metrics)).map((name) => name.replace(/^val_/, ''));
  return [...new Set(names)].slice(0, MOST_CHARTS).flatMap((metric) => {
    const curves = curvesOf(rows, metric);
    const extent = extentOf(curves);
    if (!extent) return [];
    return [{ metric, title: metricTitle(metric), svg: draw(run, rows, metric, curves, extent) }];
  });
}

function draw(
  { name, events, plan }: Pick<ReportedRun, 'name' | 'events' | 'plan'>,
  rows: readonly Measured[],
  metric: string,
  curves: readonly PictureCurve[],
  extent: Range,
): string {
  const { best, start } = outcomeOf(events, plan?.earlyStopping?.monitor);
  const { phases, marks } = chartMarks(events);
  const last = rows.at(-1)?.step ?? 1;
  const value = best?.metrics[`val_${metric}`];
  return chartSvg({
    title: metricTitle(metric),
    subtitle: name,
    width: WIDTH,
    height: HEIGHT,
    x: alongAxis(t('Step'), { min: 0, max: Math.max(1, last) }, WHOLE_INCREMENTS, formatSteps),
    y: valueAxis(metric, chooseRange(null, extent, isShare(metric) ? { min: 0, max: 1 } : {}), false),
    curves,
    phases: phases.flatMap(({ phase, epoch }) =>
      phase > 0 && start ? [{ at: (epoch - 1) * start.stepsPerEpoch, label: t('Phase {0}', phase + 1) }] : [],
    ),
    ...(best && {
      best: {
        at: best.step,
        label: t('Best epoch: {0}', best.epoch),
        ...(value !== undefined && Number.isFinite(value) && { value }),
      },
    }),
    marks: marks.map(({ step, type }) => ({ at: step, kind: type })),
    colours: COLOURS,
    font: FONT,
  });
}

function curvesOf(rows: readonly Measured[], metric: string): readonly PictureCurve[] {
  const epochs = rows.filter((row) => row.type === 'epoch');
  const steps = stepCurve(
    rows.filter((row) => row.type === 'step'),
    metric,
  );
  const training = epochCurve(epochs, metric);
  return [
    training.length > 0
      ? { points: steps, colour: 'training', look: 'faint' }
      : { name: t('Training'), points: steps, colour: 'training', look: 'line' },
    { name: t('Training'), points: training, colour: 'training', look: 'both' },
    {
      name: t('Validation'),
      points: epochCurve(epochs, `val_${metric}`),
      colour: 'validation',
      look: 'both',
    },
  ];
}

/** An epoch without the metric has no point; that is no gap in the line through the others. */
function epochCurve(epochs: readonly Measured[], name: string): readonly (readonly [number, number])[] {
  return epochs.flatMap(({ step, metrics }) => {
    const value = metrics[name];
    return value !== undefined && Number.isFinite(value) ? [[step, value] as const] : [];
  });
}

/** No more points than the picture has room for, with every extreme. */
function stepCurve(rows: readonly Measured[], metric: string): PictureCurve['points'] {
  const told = rows.filter(({ metrics }) => metric in metrics);
  const xs = Float64Array.from(told, ({ step }) => step);
  const ys = Float64Array.from(told, ({ metrics }) => finite(metrics[metric]));
  const width = bucketWidth((xs.at(-1) ?? 0) - (xs[0] ?? 0), WIDTH);
  return downsample(xs, ys, 0, xs.length, width).map((index) => {
    const y = ys[index] ?? NaN;
    return Number.isNaN(y) ? null : [xs[index] ?? 0, y];
  });
}

/** An infinity has no place on an axis. */
const finite = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : NaN;

function extentOf(curves: readonly PictureCurve[]): Range | null {
  let [min, max] = [Infinity, -Infinity];
  for (const { points } of curves) {
    for (const point of points) {
      if (point === null) continue;
      min = Math.min(min, point[1]);
      max = Math.max(max, point[1]);
    }
  }
  return min <= max ? { min, max } : null;
}

import type uPlot from 'uplot';
import { formatAxisValue } from '../../src/core/run/axisLabels';
import type { Range } from '../../src/core/run/range';
import type { Palette } from './palette';
import type { XScale } from './xAxis';

export interface FrameSettings {
  readonly metric: string;
  readonly logarithmic: boolean;
  readonly palette: Palette;
}

/** What a frame is drawn by, asked for at each drawing. */
export interface FrameSource {
  readonly x: () => Range;
  readonly y: () => Range;
  /** What x means. */
  readonly axis: () => Pick<XScale, 'format' | 'increments'>;
}

/** A drag shorter than this was a click. */
const MIN_SELECTION = 6;

/** Scales and axes of a chart of a metric. Sizes are fixed, so that a longer number moves nothing. */
export function plotFrame({ palette, metric, logarithmic }: FrameSettings, source: FrameSource) {
  const limits = (range: () => Range) => (): uPlot.Range.MinMax => [range().min, range().max];
  const axis = { stroke: palette.text, font: palette.font, ticks: { show: false }, border: { show: false } };
  return {
    padding: [8, 12, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: limits(source.x) },
      y: { range: limits(source.y), distr: logarithmic ? 3 : 1 },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 6,
        space: 64,
        incrs: () => [...source.axis().increments],
        grid: { show: false },
        values: (_, splits) => splits.map((split) => source.axis().format(split)),
      },
      {
        ...axis,
        size: 52,
        gap: 8,
        space: 28,
        grid: { stroke: palette.grid, width: 1 },
        values: (_, splits, _axis, _space, increment) =>
          splits.map((value) =>
            value === null ? null : formatAxisValue(metric, value, increment, logarithmic),
          ),
      },
    ],
  } satisfies Partial<uPlot.Options>;
}

/** A cursor without a line across, by which a range is selected; two clicks and leaving are told, in uPlot's words. */
export function selectingCursor(onWhole: () => void, onLeave: () => void) {
  return {
    y: false,
    drag: { x: true, y: false, setScale: false },
    bind: {
      dblclick: () => () => {
        onWhole();
        return null;
      },
      mouseleave: (_plot, _target, handler) => (event) => {
        onLeave();
        return handler(event);
      },
    },
  } satisfies uPlot.Cursor;
}

/** A hook that tells which range of x was selected, and takes the selection away. */
export function onSelection(onSelect: (range: Range, plot: uPlot) => void): (plot: uPlot) => void {
  return (plot) => {
    const { left, width } = plot.select;
    if (width < MIN_SELECTION) return;
    onSelect({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') }, plot);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  };
}

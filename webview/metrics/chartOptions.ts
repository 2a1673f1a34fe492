import type uPlot from 'uplot';
import { markBest, markEvents, markPhases } from './chartMarks';
import type { ChartSettings, Drawing } from './metricChart';
import { bindGestures } from './chartGestures';
import { onSelection, plotFrame, selectingCursor } from './plotFrame';
import type { Range } from '../../src/core/run/range';
import type { XScale } from './xAxis';

export interface ChartSource {
  readonly size: { readonly width: number; readonly height: number };
  readonly x: () => Range;
  readonly y: () => Range;
  /** What x means. */
  readonly scale: () => XScale;
  readonly drawing: () => Drawing | null;
  /** The cursor moved, by whatever moved it. */
  readonly onCursor: () => void;
}

/** The series of a chart, in drawing order; index 0 is the steps. */
const SMOOTHED = 2;

/** What uPlot needs to know. */
export function chartOptions(settings: ChartSettings, source: ChartSource): uPlot.Options {
  const { palette, metric } = settings;
  const toStep = (x: number) => source.scale().toStep(x);
  return {
    ...source.size,
    ...plotFrame(settings, { ...source, axis: source.scale }),
    series: [
      {},
      { stroke: palette.training, width: 1, alpha: 0.3, points: lonePoints(palette.training) },
      { stroke: palette.training, width: 1.75, points: { show: false } },
      { stroke: palette.training, paths: () => null, points: dots(palette.training) },
      { stroke: palette.validation, width: 1.75, points: dots(palette.validation) },
    ],
    cursor: {
      ...selectingCursor(
        () => settings.onZoom(null),
        () => settings.onHover(null),
      ),
      points: { size: 8, width: 2 },
      move: (plot, left, top) => [left < 0 ? left : snap(plot, left), top],
      dataIdx: (plot, series, index) => pointAt(plot.data[series], index, series <= SMOOTHED),
    },
    hooks: {
      setCursor: [
        (plot) => {
          source.onCursor();
          const { left } = plot.cursor;
          if (left === undefined || left < 0 || !plot.over.matches(':hover')) return;
          settings.onHover(toStep(plot.posToVal(left, 'x')));
        },
      ],
      setSelect: [onSelection(({ min, max }) => settings.onZoom({ min: toStep(min), max: toStep(max) }))],
      ready: [(plot) => bindGestures(plot, settings, source)],
      drawAxes: [
        (plot) => {
          markPhases(plot, source.drawing(), palette);
          markEvents(plot, source.drawing(), palette);
        },
      ],
      draw: [(plot) => markBest(plot, source.drawing(), metric, palette)],
    },
  };
}

function dots(colour: string): uPlot.Series.Points {
  return { show: true, size: 6, width: 0, fill: colour, stroke: colour, space: 0 };
}

/** Only while there are a few, so that the first steps can be seen before they make a line. */
function lonePoints(colour: string): uPlot.Series.Points {
  return { size: 4, width: 0, fill: colour, stroke: colour, space: 40 };
}

/** The position of the nearest point: the cursor stands on steps, not between them. */
function snap(plot: uPlot, left: number): number {
  const step = plot.data[0][plot.posToIdx(left)];
  return step === undefined ? left : plot.valToPos(step, 'x');
}

/** The point of a series to mark for a place on x: that step's or the nearest, or the end of the epoch it is in. */
function pointAt(
  values: uPlot.AlignedData[number] | undefined,
  index: number,
  nearest: boolean,
): number | null {
  if (values === undefined) return null;
  for (let distance = 0; distance < values.length; distance++) {
    if (nearest && typeof values[index - distance] === 'number') return index - distance;
    if (typeof values[index + distance] === 'number') return index + distance;
  }
  return null;
}

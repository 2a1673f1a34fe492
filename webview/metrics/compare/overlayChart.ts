import uPlot from 'uplot';
import { formatAxisValue } from '../../../src/core/run/axisLabels';
import { bindGestures } from '../chartGestures';
import { isShare } from '../formatNumbers';
import type { Palette } from '../palette';
import { chooseLogRange, chooseRange, type Range } from '../../../src/core/run/range';
import type { XScale } from '../xAxis';
import { overlayRuns, type OverlaidRun } from './overlay';

/** What a chart of several runs shows; given anew whenever any of it changes. */
export interface OverlayDrawing {
  readonly runs: readonly OverlaidRun[];
  /** On the x axis, in its unit. */
  readonly range: Range;
  readonly whole: Range;
  readonly format: XScale['format'];
  readonly increments: XScale['increments'];
}

export interface OverlaySettings {
  readonly metric: string;
  readonly logarithmic: boolean;
  readonly palette: Palette;
  /** Of the runs, in the order in which they are drawn. */
  readonly colours: readonly string[];
  readonly training: boolean;
  readonly validation: boolean;
  /** A person points at a place on x, or no longer at any. */
  readonly onHover: (x: number | null, at?: { readonly x: number; readonly y: number }) => void;
  /** A person chose a range of x, or all of it again (null). */
  readonly onZoom: (range: Range | null) => void;
}

/** Gestures zoom in thousandths of the whole, so that an axis of five epochs can be zoomed as one of a million steps. */
const PARTS = 1000;
/** A drag shorter than this was a click. */
const MIN_SELECTION = 6;
/** Of the runs that are not pointed at in the legend. */
const FADED = 0.18;

/** One metric of several runs: uPlot, fed by the pure modules. */
export class OverlayChart {
  private readonly plot: uPlot;
  private drawing: OverlayDrawing | null = null;
  private y: Range;
  private pointed: number | null = null;

  constructor(
    host: HTMLElement,
    private readonly settings: OverlaySettings,
  ) {
    this.y = settings.logarithmic ? { min: 0.01, max: 1 } : { min: 0, max: 1 };
    this.plot = new uPlot(this.options(host), [[], ...settings.colours.flatMap(() => [[], []])], host);
  }

  show(drawing: OverlayDrawing): void {
    const { metric, logarithmic, training, validation } = this.settings;
    const before = this.drawing;
    this.drawing = drawing;
    const all = overlayRuns(drawing.runs, {
      ...{ metric, logarithmic, training, validation },
      range: drawing.range,
      pixels: this.plot.width,
    });
    if (all.extent) {
      // Another stretch is another picture: its y range owes nothing to the one before.
      const moved = before?.range.min !== drawing.range.min || before.range.max !== drawing.range.max;
      const previous = moved ? null : this.y;
      const limits = isShare(metric) ? { min: 0, max: 1 } : {};
      this.y = logarithmic ? chooseLogRange(previous, all.extent) : chooseRange(previous, all.extent, limits);
    }
    this.plot.setData([[...all.xs], ...all.lines.map((line) => [...line])] as uPlot.AlignedData);
    this.repoint();
  }

  /** Puts the cursor on a place that is pointed at elsewhere. */
  pointAt(x: number | null): void {
    this.pointed = x;
    this.repoint();
  }

  /** Lets all runs but one fade; none for null. */
  emphasize(run: number | null): void {
    this.plot.series.forEach((series, index) => {
      if (index > 0) series.alpha = run === null || Math.floor((index - 1) / 2) === run ? 1 : FADED;
    });
    this.plot.redraw(false);
  }

  resize(width: number, height: number): void {
    if (width === this.plot.width && height === this.plot.height) return;
    this.plot.setSize({ width, height });
    if (this.drawing) this.show(this.drawing);
  }

  destroy(): void {
    this.plot.destroy();
  }

  private repoint(): void {
    // Under the mouse, uPlot keeps its own cursor.
    if (this.plot.over.matches(':hover') || this.drawing === null) return;
    const { range } = this.drawing;
    const visible = this.pointed !== null && this.pointed >= range.min && this.pointed <= range.max;
    const left = visible ? this.plot.valToPos(this.pointed ?? 0, 'x') : -10;
    this.plot.setCursor({ left, top: visible ? 0 : -10 });
  }

  private options(host: HTMLElement): uPlot.Options {
    const { palette, metric, logarithmic, colours, onHover, onZoom } = this.settings;
    const axis = {
      stroke: palette.text,
      font: palette.font,
      ticks: { show: false },
      border: { show: false },
    };
    return {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [this.drawing?.range.min ?? 0, this.drawing?.range.max ?? 1] },
        y: { range: () => [this.y.min, this.y.max], distr: logarithmic ? 3 : 1 },
      },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 6,
          space: 64,
          incrs: () => [...(this.drawing?.increments ?? [1])],
          grid: { show: false },
          values: (_, splits) => splits.map((split) => this.drawing?.format(split) ?? ''),
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
      series: [
        {},
        ...colours.flatMap((stroke): uPlot.Series[] => [
          { stroke, width: 1.75, points: { size: 4, width: 0, fill: stroke, space: 40 } },
          {
            stroke,
            width: 1.5,
            dash: [5, 3],
            points: { show: true, size: 5, width: 0, fill: stroke, space: 12 },
          },
        ]),
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        bind: {
          dblclick: () => () => {
            onZoom(null);
            return null;
          },
          mouseleave: (_plot, _target, handler) => (event) => {
            onHover(null);
            return handler(event);
          },
        },
      },
      hooks: {
        setCursor: [
          (plot) => {
            const { left, top } = plot.cursor;
            if (left === undefined || left < 0 || !plot.over.matches(':hover')) return;
            const place = plot.over.getBoundingClientRect();
            onHover(plot.posToVal(left, 'x'), { x: place.left + left, y: place.top + (top ?? 0) });
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < MIN_SELECTION) return;
            onZoom({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') });
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        ready: [(plot) => this.bindGestures(plot)],
      },
    };
  }

  private bindGestures(plot: uPlot): void {
    const unit = () => (this.drawing ? this.drawing.whole.max / PARTS || 1 : 1);
    const inParts = ({ min, max }: Range) => ({ min: min / unit(), max: max / unit() });
    bindGestures(
      plot,
      {
        onZoom: (range) =>
          this.settings.onZoom(range && { min: range.min * unit(), max: range.max * unit() }),
      },
      {
        drawing: () =>
          this.drawing && { range: inParts(this.drawing.range), whole: inParts(this.drawing.whole) },
        scale: () => ({ toStep: (x) => x / unit() }),
      },
    );
  }
}

import uPlot from 'uplot';
import { bindGestures } from '../chartGestures';
import { markPoint } from '../chartMarks';
import { isShare } from '../formatNumbers';
import type { Palette } from '../palette';
import { onSelection, plotFrame, selectingCursor } from '../plotFrame';
import { chooseLogRange, chooseRange, type Range } from '../../../src/core/run/range';
import { finiteMetric } from '../runState';
import type { XScale } from '../xAxis';
import { overlayRuns, type OverlaidRun } from './overlay';

export interface MarkedRun extends OverlaidRun {
  /** The epoch to be marked. */
  readonly best: number | null;
}

/** What a chart of several runs shows; given anew whenever any of it changes. */
export interface OverlayDrawing {
  readonly runs: readonly MarkedRun[];
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
/** Of the runs that are not pointed at in the legend. */
const FADED = 0.18;

const NOTHING: Range = { min: 0, max: 1 };
const NO_AXIS: Pick<XScale, 'format' | 'increments'> = { format: () => '', increments: [1] };

/** One metric of several runs: uPlot, fed by the pure modules. */
export class OverlayChart {
  private readonly plot: uPlot;
  private drawing: OverlayDrawing | null = null;
  private y: Range;
  private pointed: number | null = null;
  private emphasized: number | null = null;

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
    if (run === this.emphasized) return;
    this.emphasized = run;
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
    const { colours, onHover, onZoom } = this.settings;
    return {
      width: host.clientWidth,
      height: host.clientHeight,
      ...plotFrame(this.settings, {
        x: () => this.drawing?.range ?? NOTHING,
        y: () => this.y,
        axis: () => this.drawing ?? NO_AXIS,
      }),
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
        ...selectingCursor(
          () => onZoom(null),
          () => onHover(null),
        ),
        points: { show: false },
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
        setSelect: [onSelection(onZoom)],
        ready: [(plot) => this.bindGestures(plot)],
        draw: [(plot) => this.markBest(plot)],
      },
    };
  }

  /** A ring around each run's validation at its best epoch. */
  private markBest(plot: uPlot): void {
    const { metric, colours, logarithmic, validation } = this.settings;
    if (!validation) return;
    this.drawing?.runs.forEach(({ state, scale, best }, place) => {
      const epoch = state.epochs.find((candidate) => candidate.epoch === best);
      const value = epoch ? finiteMetric(epoch.metrics, `val_${metric}`) : NaN;
      if (!epoch || Number.isNaN(value) || (logarithmic && value <= 0)) return;
      const alpha = this.emphasized === null || this.emphasized === place ? 1 : FADED;
      markPoint(plot, scale.toX(epoch.step), value, colours[place] ?? '', alpha);
    });
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

import uPlot from 'uplot';
import type { BestEpoch } from './bestEpoch';
import { chartOptions } from './chartOptions';
import { createCursorTag } from './cursorTag';
import { drawCurves } from './curves';
import { isShare } from './formatNumbers';
import type { Palette } from './palette';
import { chooseLogRange, chooseRange, glide, type Range } from '../../src/core/run/range';
import { NO_EVENTS, type RunState } from './runState';
import type { Smoothing } from './smooth';
import { createThinner } from './thinning';
import { xScale, type XScale } from './xAxis';

/** What a chart shows; given anew whenever any of it changes. */
export interface Drawing {
  readonly state: RunState;
  readonly smoothing: Smoothing;
  /** Steps on the x axis. */
  readonly range: Range;
  readonly scale: XScale;
  /** Steps that the run has, or will have: as far as the range may go. */
  readonly whole: Range;
  readonly best: BestEpoch | null;
}

export interface ChartSettings {
  readonly metric: string;
  readonly logarithmic: boolean;
  readonly palette: Palette;
  /** A person points at a step, or no longer at any. */
  readonly onHover: (step: number | null) => void;
  /** A person chose a range of steps, or the whole run again (null). */
  readonly onZoom: (range: Range | null) => void;
}

const NO_SCALE = xScale('step', NO_EVENTS);
/** Milliseconds that a new range takes to glide into place. */
const GLIDE = 180;

interface Ranges {
  readonly x: Range;
  readonly y: Range;
}

/** One metric's chart: uPlot, fed by the pure modules. It knows the run only through `show`. */
export class MetricChart {
  private readonly plot: uPlot;
  private drawing: Drawing | null = null;
  private shown: Ranges;
  private target: Ranges;
  private from: Ranges;
  private glideStart = 0;
  private frame = 0;
  private pointed: number | null = null;
  private readonly thin = createThinner();
  private readonly placeTag: (drawing: Drawing) => void;

  constructor(
    host: HTMLElement,
    private readonly settings: ChartSettings,
  ) {
    const y = settings.logarithmic ? { min: 0.01, max: 1 } : { min: 0, max: 1 };
    this.shown = this.target = this.from = { x: { min: 0, max: 1 }, y };
    const options = chartOptions(settings, {
      size: { width: host.clientWidth, height: host.clientHeight },
      x: () => this.shown.x,
      y: () => this.shown.y,
      scale: () => this.drawing?.scale ?? NO_SCALE,
      drawing: () => this.drawing,
      onCursor: () => this.drawing && this.placeTag(this.drawing),
    });
    this.plot = new uPlot(options, [[], [], [], [], []], host);
    this.placeTag = createCursorTag(this.plot);
  }

  /** What it shows of the values, at the end of any glide. */
  get y(): Range {
    return this.target.y;
  }

  show(drawing: Drawing): void {
    const first = this.drawing === null;
    // Another stretch of the run is another picture: its y range owes nothing to the one before.
    const x = { min: drawing.scale.toX(drawing.range.min), max: drawing.scale.toX(drawing.range.max) };
    const turned = this.drawing !== null && this.drawing.scale.axis !== drawing.scale.axis;
    const moved = this.drawing !== null && !sameRange(drawing.range, this.drawing.range);
    this.drawing = drawing;
    const { metric, logarithmic } = this.settings;
    const { thin } = this;
    const curves = drawCurves(drawing.state, {
      ...{ ...drawing, metric, logarithmic, thin },
      pixels: this.plot.width,
    });
    const limits = isShare(metric) ? { min: 0, max: 1 } : {};
    const previous = first || moved ? null : this.target.y;
    const y =
      curves.extent === null
        ? this.target.y
        : logarithmic
          ? chooseLogRange(previous, curves.extent)
          : chooseRange(previous, curves.extent, limits);
    // Another axis is another picture: nothing glides from seconds to steps.
    this.aim({ x, y }, first || turned || curves.extent === null);
    const { steps, raw, smoothed, training, validation } = curves;
    this.plot.setData(
      [steps.map((step) => drawing.scale.toX(step)), raw, smoothed, training, validation].map((values) => [
        ...values,
      ]) as uPlot.AlignedData,
    );
    this.repoint();
  }

  /** Puts the cursor on a step that is pointed at elsewhere. */
  pointAt(step: number | null): void {
    this.pointed = step;
    this.repoint();
  }

  resize(width: number, height: number): void {
    if (width === this.plot.width && height === this.plot.height) return;
    this.plot.setSize({ width, height });
    if (this.drawing) this.show(this.drawing);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.plot.destroy();
  }

  private repoint(): void {
    // Under the mouse, uPlot keeps its own cursor.
    if (this.plot.over.matches(':hover')) return;
    const { shown } = this;
    const pointed = this.pointed === null ? null : (this.drawing?.scale.toX(this.pointed) ?? null);
    const visible = pointed !== null && pointed >= shown.x.min && pointed <= shown.x.max;
    const left = visible ? this.plot.valToPos(pointed, 'x') : -10;
    this.plot.setCursor({ left, top: visible ? 0 : -10 });
  }

  /** Goes to a new range, at once or in a short glide; from wherever an unfinished glide is. */
  private aim(target: Ranges, atOnce: boolean): void {
    const still = sameRange(target.x, this.target.x) && sameRange(target.y, this.target.y);
    if (still && !atOnce) return;
    this.target = target;
    cancelAnimationFrame(this.frame);
    if (atOnce || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.shown = target;
      return;
    }
    this.from = this.shown;
    this.glideStart = performance.now();
    this.frame = requestAnimationFrame(this.advance);
  }

  private readonly advance = (now: number): void => {
    const share = (now - this.glideStart) / GLIDE;
    this.shown = {
      x: glide(this.from.x, this.target.x, share),
      y: glide(this.from.y, this.target.y, share),
    };
    this.plot.setData(this.plot.data);
    this.repoint();
    if (share < 1) this.frame = requestAnimationFrame(this.advance);
  };
}

function sameRange(a: Range, b: Range): boolean {
  return a.min === b.min && a.max === b.max;
}

import type uPlot from 'uplot';
import { MARK, MARK_SHAPES, MARK_SPACE, type MarkKind } from '../../src/core/run/markShapes';
import { t } from '../../src/l10n/translate';
import type { Drawing } from './metricChart';
import type { Palette } from './palette';
import { finiteMetric } from './runState';

/** What is drawn on a chart beside its curves. All in canvas pixels, as uPlot's hooks draw. */

const LABEL_ROOM = 4;

/** A dashed line where a phase after the first begins, with its number. */
export function markPhases(plot: uPlot, drawing: Drawing | null, palette: Palette): void {
  const stepsPerEpoch = drawing?.state.start?.stepsPerEpoch;
  if (drawing === null || stepsPerEpoch === undefined) return;
  for (const phase of drawing.state.phases.slice(1)) {
    const step = (phase.epoch - 1) * stepsPerEpoch;
    withinPlot(plot, () => {
      const x = verticalLine(plot, drawing.scale.toX(step), palette.text);
      plot.ctx.font = scaledFont(palette.font);
      plot.ctx.fillStyle = palette.text;
      plot.ctx.textBaseline = 'top';
      plot.ctx.textAlign = 'left';
      plot.ctx.fillText(t('Phase {0}', phase.phase + 1), x + LABEL_ROOM * devicePixelRatio, plot.bbox.top);
    });
  }
}

/** Small shapes along the foot of the plot. */
export function markEvents(plot: uPlot, drawing: Drawing | null, palette: Palette): void {
  if (drawing === null || drawing.state.marks.length === 0) return;
  const { min = -Infinity, max = Infinity } = plot.scales['x'] ?? {};
  const free: Partial<Record<MarkKind, number>> = {};
  const size = MARK * devicePixelRatio;
  withinPlot(plot, () => {
    const { ctx, bbox } = plot;
    ctx.setLineDash([]);
    const y = bbox.top + bbox.height - size - devicePixelRatio;
    for (const { kind, step } of drawing.state.marks) {
      const value = drawing.scale.toX(step);
      if (value < (min ?? -Infinity) || value > (max ?? Infinity)) continue;
      const x = Math.round(plot.valToPos(value, 'x', true));
      if (x < (free[kind] ?? -Infinity)) continue;
      free[kind] = x + MARK_SPACE * devicePixelRatio;
      ctx.fillStyle = kind === 'checkpoint' ? palette.text : palette.best;
      ctx.beginPath();
      for (const [dx, dy] of MARK_SHAPES[kind]) ctx.lineTo(x + dx * size, y + dy * size);
      ctx.closePath();
      ctx.fill();
    }
  });
}

/** A ring around the best epoch's validation point, on a line down to its step. */
export function markBest(plot: uPlot, drawing: Drawing | null, metric: string, palette: Palette): void {
  const best = drawing?.best;
  const epoch = drawing?.state.epochs.find((candidate) => candidate.epoch === best?.epoch);
  if (!drawing || !best || !epoch) return;
  const value = finiteMetric(epoch.metrics, `val_${metric}`);
  withinPlot(plot, () => {
    const x = verticalLine(plot, drawing.scale.toX(best.step), palette.best);
    if (!Number.isNaN(value)) ring(plot, x, value);
  });
}

/**
 * A ring around a point of a curve, for charts of several.
 * @param x on the axis, as the plot has it
 * @param alpha from 0 to 1
 */
export function markPoint(plot: uPlot, x: number, value: number, colour: string, alpha: number): void {
  const { min, max } = plot.scales['x'] ?? {};
  if (x < (min ?? -Infinity) || x > (max ?? Infinity)) return;
  withinPlot(plot, () => {
    plot.ctx.globalAlpha = alpha;
    plot.ctx.strokeStyle = colour;
    ring(plot, Math.round(plot.valToPos(x, 'x', true)), value);
  });
}

/** @param x in canvas pixels */
function ring(plot: uPlot, x: number, value: number): void {
  plot.ctx.lineWidth = 2 * devicePixelRatio;
  plot.ctx.setLineDash([]);
  plot.ctx.beginPath();
  plot.ctx.arc(x, plot.valToPos(value, 'y', true), 6 * devicePixelRatio, 0, 2 * Math.PI);
  plot.ctx.stroke();
}

/** Draws with the plot's area as the limit, and leaves the canvas as it was. */
function withinPlot(plot: uPlot, draw: () => void): void {
  const { ctx, bbox } = plot;
  const margin = 8 * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - margin, bbox.top - margin, bbox.width + 2 * margin, bbox.height + 2 * margin);
  ctx.clip();
  draw();
  ctx.restore();
}

function verticalLine(plot: uPlot, value: number, colour: string): number {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(value, 'x', true));
  const { min = -Infinity, max = Infinity } = plot.scales['x'] ?? {};
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  if (value < (min ?? -Infinity) || value > (max ?? Infinity)) return -100;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  return x;
}

function scaledFont(font: string): string {
  return font.replace(/^(\d+)px/, (_, size: string) => `${Number(size) * devicePixelRatio}px`);
}

import { Column } from '../../webview/metrics/column';
import { findBestEpoch } from '../../webview/metrics/bestEpoch';
import { MetricChart } from '../../webview/metrics/metricChart';
import { readPalette } from '../../webview/metrics/palette';
import { NO_EVENTS, reduceEvent, reduceHistory, type RunState } from '../../webview/metrics/runState';
import { createSmoother } from '../../webview/metrics/smoothingMemo';
import { xScale } from '../../webview/metrics/xAxis';
import type { RunEvent, StepEvent } from '../../src/core/run/events';
import { historyOf } from '../../src/core/run/history';

/** The page of panel.bench.ts: three charts of two series of `points` each, fed a step at a time. */

const METRICS = ['loss', 'accuracy', 'top5'];
const EPOCHS = 100;
/** Colours that grid, text and marks have not, to tell the curves by. */
const CURVES = { '--curve-training': 'rgb(255, 0, 0)', '--curve-validation': 'rgb(0, 0, 255)' };

export interface PanelFigures {
  /** Milliseconds, the middle and the worst of twenty of all hundred redraws: reduce, smooth, downsample, draw. */
  readonly redraw: number;
  readonly slowRedraw: number;
  /** Milliseconds to reduce the whole history, as on reopening the panel. */
  readonly restore: number;
}

export async function measurePanel(points: number): Promise<PanelFigures> {
  document.body.replaceChildren();
  for (const [name, colour] of Object.entries(CURVES))
    document.documentElement.style.setProperty(name, colour);
  const told = historyOf(history(points));
  const began = performance.now();
  let state = reduceHistory(NO_EVENTS, told);
  const restore = performance.now() - began;

  const charts = METRICS.map((metric) => {
    const host = document.createElement('div');
    host.style.cssText = 'width: 400px; height: 200px';
    document.body.append(host);
    const settings = { metric, logarithmic: false, palette: readPalette(), onHover: ignore, onZoom: ignore };
    return { metric, chart: new MetricChart(host, settings) };
  });
  const canvases = [...document.querySelectorAll('canvas')];
  const smoother = createSmoother(points / 50);
  const whole = { min: 0, max: points * 1.01 };
  const draw = async (shown: RunState) => {
    const best = findBestEpoch(shown.epochs);
    for (const { metric, chart } of charts) {
      const smoothing = smoother(metric, shown.steps.step, shown.steps.metrics[metric] ?? Column.empty);
      chart.show({ state: shown, smoothing, range: whole, whole, scale: xScale('step', shown), best });
    }
    // uPlot draws in a microtask; a canvas paints when its frame does, or when somebody reads of it.
    await Promise.resolve();
    for (const canvas of canvases) canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
  };
  await draw(state);
  for (const canvas of canvases) requireCurves(canvas);

  const times: number[] = [];
  for (let redraw = 1; redraw <= 100; redraw++) {
    await new Promise((frame) => requestAnimationFrame(frame));
    const start = performance.now();
    state = reduceEvent(state, stepEvent(points + redraw, points / EPOCHS));
    await draw(state);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { redraw: times[50] ?? NaN, slowRedraw: times[95] ?? NaN, restore };
}

/** A figure of curves that were not drawn would be none: both are, over most of the plot's width. */
function requireCurves(canvas: HTMLCanvasElement): void {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  const columns = { training: new Set<number>(), validation: new Set<number>() };
  for (let at = 0; at < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.slice(at, at + 4);
    if (alpha < 128 || green > 64) continue;
    if (red > 192 && blue < 64) columns.training.add((at / 4) % width);
    if (blue > 192 && red < 64) columns.validation.add((at / 4) % width);
  }
  for (const [curve, { size }] of Object.entries(columns)) {
    if (size < width / 2)
      throw new Error(`a chart ${width} pixels wide has its ${curve} curve in ${size} columns`);
  }
}

function ignore(): void {
  // Nobody points at a bench.
}

function history(points: number): RunEvent[] {
  const stepsPerEpoch = points / EPOCHS;
  const events: RunEvent[] = [];
  for (let step = 1; step <= points; step++) {
    events.push(stepEvent(step, stepsPerEpoch));
    if (step % stepsPerEpoch !== 0) continue;
    const { metrics } = stepEvent(step, stepsPerEpoch);
    const validation = Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [`val_${name}`, value]),
    );
    events.push({
      type: 'epoch',
      epoch: step / stepsPerEpoch,
      step,
      time: step,
      metrics: { ...metrics, ...validation },
      seconds: 1,
      samplesPerSecond: 1,
    });
  }
  return events;
}

function stepEvent(step: number, stepsPerEpoch: number): StepEvent {
  const wobble = Math.sin(step * 12.9898) * 0.1;
  const accuracy = 0.9 - 0.8 * Math.exp(-step / 2e4) + wobble;
  const metrics = { loss: Math.exp(-step / 2e4) + 0.2 + wobble, accuracy, top5: Math.min(1, accuracy + 0.1) };
  return { type: 'step', step, epoch: Math.ceil(step / stepsPerEpoch), time: step, metrics };
}

Object.assign(window, { measurePanel });

import type uPlot from 'uplot';
import type { ChartSettings, Drawing } from './metricChart';
import type { XScale } from './xAxis';
import { panBy, zoomAround } from './zoom';

/** What gestures are about: in steps, or whatever `toStep` makes of x. */
export interface GestureSource {
  readonly drawing: () => Pick<Drawing, 'range' | 'whole'> | null;
  readonly scale: () => Pick<XScale, 'toStep'>;
}

/** How much closer one notch of a wheel brings a chart. */
const WHEEL_ZOOM = 0.002;
/** Pixels of a line and of a page of a wheel that counts in those. */
const WHEEL_UNITS = [1, 16, 400];

/**
 * The wheel with Ctrl (or a pinch) zooms around the pointer; a sideways or shifted wheel, and a drag with Shift, moves
 * along the run. A plain wheel stays the page's.
 */
export function bindGestures(
  plot: uPlot,
  { onZoom }: Pick<ChartSettings, 'onZoom'>,
  { drawing, scale }: GestureSource,
): void {
  const { over } = plot;
  const stepAt = (left: number) => scale().toStep(plot.posToVal(left, 'x'));

  over.addEventListener(
    'wheel',
    (event) => {
      const shown = drawing();
      if (shown === null) return;
      const unit = WHEEL_UNITS[event.deltaMode] ?? 1;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        const factor = Math.exp(event.deltaY * unit * WHEEL_ZOOM);
        onZoom(zoomAround(shown.range, stepAt(event.offsetX), factor, shown.whole));
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        const steps = stepAt(event.offsetX + sideways * unit) - stepAt(event.offsetX);
        onZoom(panBy(shown.range, steps, shown.whole));
      } else return;
      event.preventDefault();
    },
    { passive: false },
  );

  // In the capture phase, before uPlot takes the drag for a selection.
  over.addEventListener(
    'mousedown',
    (down) => {
      const shown = drawing();
      if (!down.shiftKey || down.button !== 0 || shown === null) return;
      down.preventDefault();
      down.stopImmediatePropagation();
      const stepsPerPixel = (shown.range.max - shown.range.min) / Math.max(1, over.clientWidth);
      const move = (event: MouseEvent) =>
        onZoom(panBy(shown.range, (down.clientX - event.clientX) * stepsPerPixel, shown.whole));
      const end = () => {
        document.removeEventListener('mousemove', move);
        document.removeEventListener('mouseup', end);
      };
      document.addEventListener('mousemove', move);
      document.addEventListener('mouseup', end);
    },
    { capture: true },
  );
}

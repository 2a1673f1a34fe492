import type { Bounds, Point } from '../layout/layoutGraph';

/** Every card is of one size; a fault hangs below it, in the gap between ranks. */
export const NODE_SIZE = { width: 224, height: 76 } as const;

/** A line through a route's points: straight where it is vertical, an S between ranks. */
export function pathThrough(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let from = start;
  let path = `M${start.x},${start.y}`;
  for (const to of rest) {
    const middle = (from.y + to.y) / 2;
    path += from.x === to.x ? `V${to.y}` : `C${from.x},${middle} ${to.x},${middle} ${to.x},${to.y}`;
    from = to;
  }
  return path;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Words on a card are read with ease from the first on, and at all from the second on. */
const EASY = 0.9;
const LEGIBLE = 0.65;

const MARGIN = 32;

/** What floats over the top of the canvas. */
const HEADROOM = 72;

/**
 * The first look at a model: all of it where that is easy to read; else its beginning, from the top, with all of its
 * width where that is legible.
 *
 * @param width of the canvas, in pixels
 */
export function openingView(bounds: Bounds, width: number, height: number): View {
  const room = height - HEADROOM - MARGIN;
  const widths = (width - 2 * MARGIN) / bounds.width;
  const whole = Math.min(widths, room / bounds.height, 1);
  const zoom = whole >= EASY ? whole : Math.max(LEGIBLE, Math.min(EASY, widths));
  // The first layer is in the middle, unless there would be nothing to its left.
  const leftmost = bounds.x + (width / 2 - 2 * MARGIN) / zoom;
  const middle = widths >= zoom ? bounds.x + bounds.width / 2 : Math.max(NODE_SIZE.width / 2, leftmost);
  const spare = whole >= EASY ? (room - bounds.height * zoom) / 2 : 0;
  return { zoom, x: width / 2 - middle * zoom, y: HEADROOM + spare - bounds.y * zoom };
}

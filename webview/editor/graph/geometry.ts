import type { Direction } from '../layout/direction';
import type { Bounds, Point } from '../layout/layoutGraph';

/** Every card is of one size. */
export const NODE_SIZE = { width: 224, height: 76 } as const;

/** What a fault takes that hangs below a card: a gap, and two lines in a frame. */
export const FAULT_ROOM = 44;

/** A line through the pieces of a route. */
export function pathThrough(pieces: readonly (readonly Point[])[], direction: Direction): string {
  return pieces.map((points) => pathOf(points, direction)).join('');
}

/** Straight where it runs with the flow, an S between ranks. */
function pathOf(points: readonly Point[], direction: Direction): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let from = start;
  let path = `M${start.x},${start.y}`;
  for (const to of rest) {
    if (from.x === to.x) path += `V${to.y}`;
    else if (from.y === to.y) path += `H${to.x}`;
    else if (direction === 'down') {
      const middle = (from.y + to.y) / 2;
      path += `C${from.x},${middle} ${to.x},${middle} ${to.x},${to.y}`;
    } else {
      const middle = (from.x + to.x) / 2;
      path += `C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
    }
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

/** Room for what floats over the canvas. */
export const PADDING = { top: HEADROOM, right: 32, bottom: 48, left: 64 } as const;

/** All of an area, in the middle of a canvas of so many pixels, no larger than `most`. */
export function viewOf(area: Bounds, width: number, height: number, most = 1): View {
  const [across, down] = [width - PADDING.left - PADDING.right, height - PADDING.top - PADDING.bottom];
  const zoom = Math.max(
    LEAST_ZOOM,
    Math.min(most, across / Math.max(area.width, 1), down / Math.max(area.height, 1)),
  );
  return {
    zoom,
    x: PADDING.left + across / 2 - (area.x + area.width / 2) * zoom,
    y: PADDING.top + down / 2 - (area.y + area.height / 2) * zoom,
  };
}

/** Further out nothing is left to see. */
export const LEAST_ZOOM = 0.0004;

/** What a view shows of the graph. */
export function areaSeen({ x, y, zoom }: View, width: number, height: number): Bounds {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

export function touches(a: Bounds, b: Bounds): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function holds(outer: Bounds, inner: Bounds): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** The smallest area around others; undefined around none. */
export function around(areas: readonly Bounds[]): Bounds | undefined {
  const [first, ...rest] = areas;
  if (!first) return undefined;
  let [left, top, right, bottom] = [first.x, first.y, first.x + first.width, first.y + first.height];
  for (const { x, y, width, height } of rest) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

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

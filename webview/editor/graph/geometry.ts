import type { Bounds, Point } from '../layout/layoutGraph';

/** Every card is of one size; a fault hangs below it, in the gap between ranks. */
export const NODE_SIZE = { width: 208, height: 76 } as const;

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

/** Below this the words on a card cannot be read. */
const READABLE = 0.7;

const MARGIN = 32;

/**
 * The first look at a model: all of it where that can be read, else its beginning, from the top.
 *
 * @param width of the canvas, in pixels
 */
export function openingView(bounds: Bounds, width: number, height: number): View {
  const fitting = Math.min((width - 2 * MARGIN) / bounds.width, (height - 2 * MARGIN) / bounds.height, 1);
  const zoom = Math.max(fitting, READABLE);
  const middle = fitting >= READABLE ? bounds.x + bounds.width / 2 : NODE_SIZE.width / 2;
  return {
    zoom,
    x: width / 2 - middle * zoom,
    y:
      fitting >= READABLE
        ? (height - bounds.height * zoom) / 2 - bounds.y * zoom
        : MARGIN * 2 - bounds.y * zoom,
  };
}

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

/** Below this the words on a card are a strain to read. */
const READABLE = 0.9;

const MARGIN = 32;

/** What floats over the top of the canvas. */
const HEADROOM = 72;

/**
 * The first look at a model: all of it where that can be read, else its beginning, from the top.
 *
 * @param width of the canvas, in pixels
 */
export function openingView(bounds: Bounds, width: number, height: number): View {
  const room = height - HEADROOM - MARGIN;
  const fitting = Math.min((width - 2 * MARGIN) / bounds.width, room / bounds.height, 1);
  if (fitting < READABLE) {
    const zoom = READABLE;
    return { zoom, x: width / 2 - (NODE_SIZE.width / 2) * zoom, y: HEADROOM - bounds.y * zoom };
  }
  return {
    zoom: fitting,
    x: width / 2 - (bounds.x + bounds.width / 2) * fitting,
    y: HEADROOM + (room - bounds.height * fitting) / 2 - bounds.y * fitting,
  };
}

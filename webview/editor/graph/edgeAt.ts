import type { Direction } from '../layout/direction';
import type { Point } from '../layout/layoutGraph';
import type { Drawn } from '../state/editorState';

/** The S of a line between ranks is gone through in so many straight pieces: it bends no more than a pixel off them. */
const PIECES = 12;

/**
 * The line that goes by a point, by its place among the scene's lines: the nearest within reach; undefined where none is.
 * By reckoning, so that lines need nothing on the page that takes the pointer.
 *
 * @param reach in the drawing's own units
 */
export function edgeAt({ layout, direction }: Drawn, at: Point, reach: number): number | undefined {
  let best: { readonly edge: number; readonly distance: number } | undefined;
  layout.routes.forEach((pieces, edge) => {
    for (const points of pieces) {
      for (let end = 1; end < points.length; end++) {
        const [from, to] = [points[end - 1]!, points[end]!];
        if (!isNear(from, to, at, reach)) continue;
        const distance = distanceTo(from, to, at, direction);
        if (distance <= (best?.distance ?? reach)) best = { edge, distance };
      }
    }
  });
  return best?.edge;
}

function isNear(from: Point, to: Point, at: Point, reach: number): boolean {
  return (
    at.x >= Math.min(from.x, to.x) - reach &&
    at.x <= Math.max(from.x, to.x) + reach &&
    at.y >= Math.min(from.y, to.y) - reach &&
    at.y <= Math.max(from.y, to.y) + reach
  );
}

function distanceTo(from: Point, to: Point, at: Point, direction: Direction): number {
  if (from.x === to.x || from.y === to.y) return distanceToSegment(from, to, at);
  let least = Infinity;
  let last = from;
  for (let piece = 1; piece <= PIECES; piece++) {
    const next = onCurve(from, to, piece / PIECES, direction);
    least = Math.min(least, distanceToSegment(last, next, at));
    last = next;
  }
  return least;
}

/** A point of the cubic that `pathThrough` draws: it leaves and arrives along the flow. */
function onCurve(from: Point, to: Point, t: number, direction: Direction): Point {
  const s = 1 - t;
  // Control points half way along the flow, and at the height of the ends across it.
  const along = (a: number, b: number) => s * s * s * a + 3 * s * t * ((a + b) / 2) + t * t * t * b;
  const across = (a: number, b: number) => a + (b - a) * t * t * (3 - 2 * t);
  return direction === 'down'
    ? { x: across(from.x, to.x), y: along(from.y, to.y) }
    : { x: along(from.x, to.x), y: across(from.y, to.y) };
}

function distanceToSegment(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const t =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length));
  return Math.hypot(at.x - from.x - t * dx, at.y - from.y - t * dy);
}

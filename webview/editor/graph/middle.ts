import type { Point } from '../layout/layoutGraph';

/** The point half way along a line through the pieces of its route. */
export function middleOf(pieces: readonly (readonly Point[])[]): Point {
  const segments = pieces.flatMap((points) =>
    points.slice(1).map((to, place) => {
      const from = points[place]!;
      return { from, to, length: Math.hypot(to.x - from.x, to.y - from.y) };
    }),
  );
  let left = segments.reduce((sum, { length }) => sum + length, 0) / 2;
  for (const { from, to, length } of segments) {
    if (left <= length && length > 0) {
      const share = left / length;
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    left -= length;
  }
  return pieces[0]?.[0] ?? { x: 0, y: 0 };
}

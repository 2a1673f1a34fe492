import type { Bounds, Point } from './layoutGraph';

/** Which way tensors flow on the canvas. */
export type Direction = 'down' | 'right';

const point = ({ x, y }: Point): Point => ({ x: y, y: x });

/** The other direction is the same layout with its axes exchanged. */
export const transposed = {
  size: <T extends { readonly width: number; readonly height: number }>(node: T): T => ({
    ...node,
    width: node.height,
    height: node.width,
  }),
  layout: (layout: {
    readonly positions: readonly Point[];
    readonly frames: readonly Bounds[];
    readonly routes: readonly (readonly (readonly Point[])[])[];
  }) => ({
    positions: layout.positions.map(point),
    frames: layout.frames.map(({ x, y, width, height }) => ({ x: y, y: x, width: height, height: width })),
    routes: layout.routes.map((pieces) => pieces.map((piece) => piece.map(point))),
  }),
};

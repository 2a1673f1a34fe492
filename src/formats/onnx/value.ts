import type { Shape, TensorRef } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import { Unsupported } from './unsupported';

/** ONNX's axes in the order of the layer graph's: `[0, 2, 3, 1]` is an image with its channels last. */
export type AxisOrder = readonly number[];

/**
 * How the features of a vector lie that came from flattening an image: the graph joins `sizes` row by row in its own
 * order, and in ONNX's order feature (i, j, k) has the index `i·strides[0] + j·strides[1] + k·strides[2]`.
 */
export interface Flattened {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** For each axis of ONNX the axes of the layer graph that it joins row by row; none for an axis of one. */
export type Groups = readonly (readonly number[])[];

/** A tensor of the ONNX graph as the layer graph has it. */
export interface Value {
  readonly ref: TensorRef;
  /** In the layer graph's order; nothing behind an opaque layer. */
  readonly shape?: Shape;
  /** Nothing behind an opaque layer, where any order is as good. */
  readonly order?: AxisOrder;
  readonly flattened?: Flattened;
  /** In the place of `order` where axes are joined, or the batch is not the first: see `folded.ts`. */
  readonly groups?: Groups;
  /** No number of it is below zero, so that padding with zeros changes no maximum. */
  readonly nonNegative?: boolean;
}

export const identityOrder = (rank: number): AxisOrder => Array.from({ length: rank }, (_, axis) => axis);

/** Batch, space, channels, from ONNX's batch, channels, space. */
export const channelsLast = (rank: number): AxisOrder =>
  rank < 3 ? identityOrder(rank) : [0, ...identityOrder(rank).slice(2), 1];

export const sameOrder = (a: AxisOrder, b: AxisOrder): boolean =>
  a.length === b.length && a.every((axis, index) => axis === b[index]);

/** The tensor's shape as ONNX has it. */
export function onnxShape({ shape, order, groups }: Value): Shape {
  if (!shape) throw new Unsupported(t('the shape of its input is not known'));
  if (groups) {
    const product = (a: number | null, b: number | null) => (a === null || b === null ? null : a * b);
    return groups.map((axes) => axes.map((axis) => shape[axis] ?? null).reduce(product, 1));
  }
  if (!order) return shape;
  const sizes = new Array<number | null>(shape.length).fill(null);
  order.forEach((axis, index) => (sizes[axis] = shape[index] ?? null));
  return sizes;
}

/** Counted from the front. */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < rank) return resolved;
  throw new Unsupported(t('there is no axis {0} in a tensor of {1} axes', axis, rank));
}

/** Where an axis of ONNX is in the layer graph. */
export function placeOfAxis(value: Value, axis: number): number {
  const { order, shape } = value;
  const rank = order?.length ?? shape?.length;
  if (rank === undefined) throw new Unsupported(t('the number of axes of its input is not known'));
  const resolved = resolveAxis(axis, rank);
  return order ? order.indexOf(resolved) : resolved;
}

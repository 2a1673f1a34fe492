export interface Fans {
  readonly in: number;
  readonly out: number;
}

/**
 * Input and output units of a weight tensor, as Keras's `compute_fans`: the last two axes are channels in and out, the
 * ones before them a receptive field that multiplies both. A depthwise kernel is read the same way.
 */
export function fansOf(shape: readonly number[]): Fans {
  const rank = shape.length;
  if (rank === 0) return { in: 1, out: 1 };
  if (rank === 1) return { in: shape[0]!, out: shape[0]! };
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { in: shape[rank - 2]! * field, out: shape[rank - 1]! * field };
}

import * as tf from '@tensorflow/tfjs-core';

/** A tensor whose axes have names. */
export interface Named {
  readonly values: tf.Tensor;
  readonly axes: readonly string[];
}

/**
 * Sums over the products of two tensors, whatever axes they share, as a product of matrices: what both have and give out,
 * times what one has alone, over what is summed. Few engines have more.
 *
 * @param output the names of the axes that stay, in order
 */
export function contract(first: Named, second: Named, output: readonly string[]): tf.Tensor {
  const a = sumAway(first, (axis) => second.axes.includes(axis) || output.includes(axis));
  const b = sumAway(second, (axis) => first.axes.includes(axis) || output.includes(axis));
  const inBoth = a.axes.filter((axis) => b.axes.includes(axis));
  const batch = inBoth.filter((axis) => output.includes(axis));
  const summed = inBoth.filter((axis) => !output.includes(axis));
  const rows = a.axes.filter((axis) => !b.axes.includes(axis));
  const columns = b.axes.filter((axis) => !a.axes.includes(axis));
  const sizes = new Map([...sizesOf(b), ...sizesOf(a)]);
  const shapeOf = (axes: readonly string[]) => axes.map((axis) => sizes.get(axis) ?? 1);
  const matrices = (x: Named, one: readonly string[], other: readonly string[]) => {
    const count = (axes: readonly string[]) => tf.util.sizeFromShape(shapeOf(axes));
    const cells = arrange(x, [...batch, ...one, ...other]);
    return tf.reshape(cells, [count(batch), count(one), count(other)]) as tf.Tensor3D;
  };
  const product = tf.matMul(matrices(a, rows, summed), matrices(b, summed, columns));
  const axes = [...batch, ...rows, ...columns];
  return arrange({ values: tf.reshape(product, shapeOf(axes)), axes }, output);
}

const sizesOf = ({ values, axes }: Named): (readonly [string, number])[] =>
  axes.map((axis, index) => [axis, values.shape[index]] as const);

function sumAway({ values, axes }: Named, stays: (axis: string) => boolean): Named {
  const gone = axes.flatMap((axis, index) => (stays(axis) ? [] : [index]));
  return gone.length === 0 ? { values, axes } : { values: tf.sum(values, gone), axes: axes.filter(stays) };
}

function arrange({ values, axes }: Named, order: readonly string[]): tf.Tensor {
  const moves = order.map((axis) => axes.indexOf(axis));
  return moves.every((from, to) => from === to) ? values : tf.transpose(values, moves);
}

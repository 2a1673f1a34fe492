import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/tensorProducts';
import { computes, type Forward } from './forward';

/** Computes on `[before, size, after]`, whatever axes are before and after that one. */
export function along(x: tf.Tensor, axis: number, compute: (cells: tf.Tensor3D) => tf.Tensor): tf.Tensor {
  const [before, size, after] = [x.shape.slice(0, axis), x.shape[axis], x.shape.slice(axis + 1)];
  const cells = [tf.util.sizeFromShape(before), size, tf.util.sizeFromShape(after)] as const;
  const y = compute(tf.reshape(x, [...cells]) as tf.Tensor3D);
  return tf.reshape(y, [...before, y.shape[1] ?? 1, ...after]);
}

/** Stretched before, as tfjs's gradient of a product forgets what was. */
const multiply: Forward<catalogue.MatmulConfig> = (config, [a, b]) => {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.backend_util.assertAndGetBroadcastShape(outerA, outerB);
  const matrices = (x: tf.Tensor) => {
    const [rows, columns] = x.shape.slice(-2);
    const shape = [...outer, rows, columns];
    const whole = tf.util.arraysEqual(x.shape, shape) ? x : tf.broadcastTo(x, shape);
    return tf.reshape(whole, [tf.util.sizeFromShape(outer), rows, columns]) as tf.Tensor3D;
  };
  const product = tf.matMul(matrices(a), matrices(b), config.transpose_a, config.transpose_b);
  return tf.reshape(product, [...outer, ...product.shape.slice(1)]);
};

/** As one product of matrices: what both share and give out, times what one has alone, over what is summed. */
const einsum: Forward<catalogue.EinsumConfig> = ({ subscripts }, inputs) => {
  const terms = catalogue.termsOf(subscripts)!;
  const [a, b] = [
    onlyNeeded(inputs[0], terms.a, terms.b + terms.out),
    onlyNeeded(inputs[1], terms.b, terms.a + terms.out),
  ];
  const shared = [...a.letters].filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => terms.out.includes(letter));
  const summed = shared.filter((letter) => !terms.out.includes(letter));
  const rows = [...a.letters].filter((letter) => !b.letters.includes(letter));
  const columns = [...b.letters].filter((letter) => !a.letters.includes(letter));
  const sizes = new Map(
    [a, b].flatMap(({ x, letters }) => [...letters].map((one, axis) => [one, x.shape[axis]] as const)),
  );
  const sizeOf = (letters: readonly string[]) => letters.map((letter) => sizes.get(letter) ?? 1);
  const product = (letters: readonly string[]) => tf.util.sizeFromShape(sizeOf(letters));
  const matrices = ({ x, letters }: Lettered, first: readonly string[], second: readonly string[]) =>
    tf.reshape(inOrder(x, letters, [...batch, ...first, ...second]), [
      product(batch),
      product(first),
      product(second),
    ]) as tf.Tensor3D;
  const y = tf.matMul(matrices(a, rows, summed), matrices(b, summed, columns));
  const made = [...batch, ...rows, ...columns];
  return inOrder(tf.reshape(y, sizeOf(made)), made.join(''), [...terms.out]);
};

interface Lettered {
  readonly x: tf.Tensor;
  readonly letters: string;
}

/** Summed over the axes that nothing else has. */
function onlyNeeded(x: tf.Tensor, letters: string, others: string): Lettered {
  const alone = [...letters].flatMap((letter, axis) => (others.includes(letter) ? [] : [axis]));
  if (alone.length === 0) return { x, letters };
  return { x: tf.sum(x, alone), letters: [...letters].filter((_, axis) => !alone.includes(axis)).join('') };
}

function inOrder(x: tf.Tensor, letters: string, wanted: readonly string[]): tf.Tensor {
  const order = wanted.map((letter) => letters.indexOf(letter));
  return order.every((axis, at) => axis === at) ? x : tf.transpose(x, order);
}

export const tensorProducts = [computes(catalogue.matmul, multiply), computes(catalogue.einsum, einsum)];

import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/tensorProducts';
import { contract } from './contraction';
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

const einsum: Forward<catalogue.EinsumConfig> = ({ subscripts }, [a, b]) => {
  const terms = catalogue.termsOf(subscripts)!;
  return contract({ values: a, axes: [...terms.a] }, { values: b, axes: [...terms.b] }, [...terms.out]);
};

export const tensorProducts = [computes(catalogue.matmul, multiply), computes(catalogue.einsum, einsum)];

import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { transposeMatrix } from './heap';

/**
 * `a b`, either side transposed first: the backend's fast path multiplies plain matrices. Batches of matrices stay
 * with the backend's kernel.
 */
export function transposedMatMul(
  backend: BackendWasm,
  inputs: { readonly a: tf.Tensor; readonly b: tf.Tensor },
  attrs: { readonly transposeA: boolean; readonly transposeB: boolean },
  stock: tf.KernelConfig,
): tf.TensorInfo {
  const multiply = (a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean) =>
    stock.kernelFunc({ inputs: { a, b }, backend, attrs: { transposeA, transposeB } }) as tf.TensorInfo;
  const { transposeA, transposeB } = attrs;
  const { a, b } = inputs;
  if (!(transposeA || transposeB) || batchOf(a) > 1 || batchOf(b) > 1) {
    return multiply(a, b, transposeA, transposeB);
  }
  return tf.tidy(() => {
    const plain = (tensor: tf.Tensor, transposed: boolean) => {
      if (!transposed) return tensor;
      const [rows, columns] = tensor.shape.slice(-2) as [number, number];
      const shape = [...tensor.shape.slice(0, -2), columns, rows];
      return tf.reshape(transposeMatrix(backend, tensor, rows, columns), shape);
    };
    const product = multiply(plain(a, transposeA), plain(b, transposeB), false, false);
    return tf.engine().makeTensorFromTensorInfo(product);
  });
}

const batchOf = (tensor: tf.Tensor) => tf.util.sizeFromShape(tensor.shape.slice(0, -2));

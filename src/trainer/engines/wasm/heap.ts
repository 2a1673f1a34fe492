import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/**
 * Kernels that are loops in plain JavaScript over the WebAssembly heap. They move numbers (gather, scatter, transpose);
 * arithmetic over whole tensors is left to the backend's vectorised kernels, which are five to ten times faster at it.
 */

/** A view of a tensor's numbers. It is void after the next allocation: the heap may grow and move. */
export function viewOf(backend: BackendWasm, tensor: tf.TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(tensor);
  if (view instanceof Float32Array) return view;
  throw new TypeError(`found a ${tensor.dtype} tensor, expected float32`);
}

/**
 * A new tensor of that shape, its numbers written by `fill` from views of `sources`. The memory is not cleared
 * beforehand: `fill` writes every element.
 */
export function fillTensor(
  backend: BackendWasm,
  shape: readonly number[],
  sources: readonly tf.TensorInfo[],
  fill: (target: Float32Array, ...sources: Float32Array[]) => void,
): tf.Tensor {
  const info = backend.makeOutput([...shape], 'float32');
  fill(viewOf(backend, info), ...sources.map((source) => viewOf(backend, source)));
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** `[rows, columns]` to `[columns, rows]`, of any tensor read as such a matrix. */
export function transposeMatrix(
  backend: BackendWasm,
  tensor: tf.TensorInfo,
  rows: number,
  columns: number,
): tf.Tensor {
  return fillTensor(backend, [columns, rows], [tensor], (target, source) =>
    transposeInto(target, 0, source, 0, rows, columns),
  );
}

/** Rows walked together, so that what a column step reads stays in the first-level cache. */
const BLOCK = 16;

export function transposeInto(
  target: Float32Array,
  targetStart: number,
  source: Float32Array,
  sourceStart: number,
  rows: number,
  columns: number,
): void {
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK);
    for (let column = 0; column < columns; column++) {
      let to = targetStart + column * rows + first;
      let from = sourceStart + first * columns + column;
      for (let row = first; row < end; row++, from += columns) target[to++] = source[from];
    }
  }
}

export { rowMajorStrides } from '../core/graph/strides';

/** How many stored numbers a strided view reaches over. */
export function extentOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);
}

/**
 * The numbers of a strided view in row-major order of `shape`.
 * @param start where the view begins, for strides that go backwards
 */
export function gather(
  stored: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let from = start;
  for (let to = 0; to < values.length; to++) {
    values[to] = stored[from]!;
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}

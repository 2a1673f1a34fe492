/** Numbers between neighbours along each axis of a row-major array: `[12, 4, 1]` for `[2, 3, 4]`. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** How many stored numbers a strided view reaches over. */
export function extentOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);
}

/** The numbers of a strided view in row-major order of `shape`. */
export function gather(
  stored: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let from = 0;
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

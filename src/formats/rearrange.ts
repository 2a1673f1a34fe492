import type { Rearrangement } from '../core/graph/layerGraph';
import { gather, rowMajorStrides } from './strides';

interface Part {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The numbers of a weight that a file keeps in other tensors; see `Rearrangement`. */
export function rearrange(parts: readonly Part[], how: Rearrangement): Float32Array {
  const [first] = parts;
  if (!first) return new Float32Array(0);
  switch (how.kind) {
    case 'axes':
      return turnAxes(first, how.order, how.reversed);
    case 'joined':
      return join(parts);
    case 'gates':
      return turnGates(first, how.count, how.each);
    case 'halvesAdded': {
      const half = first.values.length / 2;
      return first.values.subarray(0, half).map((value, index) => value + first.values[half + index]!);
    }
  }
}

function turnAxes(
  { shape, values }: Part,
  order: readonly number[],
  reversed: readonly number[],
): Float32Array {
  const stored = rowMajorStrides(shape);
  const sizes = order.map((axis) => shape[axis]!);
  const backwards = new Set(reversed);
  let start = 0;
  const strides = order.map((axis, at) => {
    if (!backwards.has(at)) return stored[axis]!;
    start += (sizes[at]! - 1) * stored[axis]!;
    return -stored[axis]!;
  });
  return gather(values, sizes, strides, start);
}

function join(parts: readonly Part[]): Float32Array {
  const widths = parts.map(({ shape }) => shape.at(-1) ?? 1);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const rows = widths[0]! === 0 ? 0 : parts[0]!.values.length / widths[0]!;
  const joined = new Float32Array(rows * width);
  let offset = 0;
  for (const [index, { values }] of parts.entries()) {
    const own = widths[index]!;
    for (let row = 0; row < rows; row++) {
      joined.set(values.subarray(row * own, (row + 1) * own), row * width + offset);
    }
    offset += own;
  }
  return joined;
}

/**
 * Each block of `[rows, units]`. cuDNN keeps a gate's kernel by its outputs, row after row, in a matrix of the same
 * shape: its numbers in order are the columns of the kernel.
 */
function turnGates({ shape, values }: Part, count: number, each: 'transposed' | 'refilled'): Float32Array {
  const [rows = 0, width = 0] = shape;
  const units = width / count;
  const turned = new Float32Array(values.length);
  for (let gate = 0; gate < count; gate++) {
    const at = (row: number, column: number) => row * width + gate * units + column;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < units; column++) {
        const place = row + column * rows;
        const from = each === 'transposed' ? at(column, row) : at(Math.floor(place / units), place % units);
        turned[at(row, column)] = values[from]!;
      }
    }
  }
  return turned;
}

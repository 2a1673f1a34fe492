import { sizeOf, type DType, type WeightSource } from '../../core/graph/layerGraph';
import { rowMajorStrides } from '../strides';
import { dtypeOf } from './dataTypes';
import type { FlatNode, FlatTensor } from './flatGraph';
import { flagOf, numbersOf, type StoredTensor } from './graphDef';
import { PASSING } from './passing';

/** A tensor that depends on no input, and where its numbers are. */
export interface Constant {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly source?: WeightSource;
  readonly numbers?: readonly number[];
}

/** Constants of a graph by the operations that give them, found in the order of operations. */
export class Constants {
  private readonly known = new Map<FlatNode, Constant>();

  /** @param stored what an operation without inputs holds: a constant, a variable */
  constructor(private readonly stored: (node: FlatNode) => StoredTensor | undefined) {}

  of({ node, output }: FlatTensor): Constant | undefined {
    return output === 0 ? this.known.get(node) : undefined;
  }

  /** Its numbers, written out to its whole size, where they are few. */
  numbers(tensor: FlatTensor | undefined): readonly number[] | undefined {
    const constant = tensor && this.of(tensor);
    if (!constant?.numbers || constant.numbers.length === 0) return undefined;
    const size = sizeOf(constant.shape);
    if (size > 1024) return undefined;
    const last = constant.numbers.at(-1)!;
    return Array.from({ length: size }, (_, index) => constant.numbers?.[index] ?? last);
  }

  /** What an operation gives was worked out. */
  know(node: FlatNode, constant: Constant): void {
    this.known.set(node, constant);
  }

  /** Learns of an operation whose inputs were learned of before; says whether it gives a constant. */
  learn(node: FlatNode): boolean {
    const constant = this.find(node);
    if (constant) this.known.set(node, constant);
    return constant !== undefined;
  }

  private find(node: FlatNode): Constant | undefined {
    const stored = this.stored(node);
    if (stored) {
      const dtype = dtypeOf(stored.type);
      return dtype && { ...stored, dtype };
    }
    const [first, second] = node.feeds;
    const input = first && this.of(first);
    if (!input) return undefined;
    if (PASSING.has(node.op) || node.op === 'PlaceholderWithDefault') return input;
    switch (node.op) {
      case 'Cast':
        return castKeepsValues(node, input.dtype) ? input : undefined;
      case 'Reshape':
        return reshape(input, this.numbers(second));
      case 'Squeeze':
        return reshape(input, squeezed(input.shape, axesToSqueeze(node)));
      case 'ExpandDims':
        return reshape(input, expanded(input.shape, this.numbers(second)?.[0]));
      case 'Transpose':
        return transpose(input, this.numbers(second));
      default:
        return undefined;
    }
  }
}

const FLOATS: ReadonlySet<string> = new Set(['float32', 'float64', 'float16', 'bfloat16']);

/** To a type of fractions, whatever it was; everything is computed in float32. */
export function castKeepsValues(node: FlatNode, from: DType | undefined): boolean {
  const to = dtypeOf(node.attributes.get('DstT')?.type ?? 0);
  return (
    to !== undefined && from !== undefined && (to === from || FLOATS.has(to)) && !flagOf(node, 'Truncate')
  );
}

export function axesToSqueeze(node: FlatNode): readonly number[] {
  const axes = numbersOf(node, 'squeeze_dims');
  return axes.length > 0 ? axes : numbersOf(node, 'axis');
}

/** A shape without some axes of one; without all of them where none is named. */
export function squeezed<S extends number | null>(
  shape: readonly S[],
  axes: readonly number[],
): readonly S[] | undefined {
  const named = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const isOne = (axis: number) => shape[axis] === 1;
  if ([...named].some((axis) => !isOne(axis))) return undefined;
  return shape.filter((_, axis) => (named.size === 0 ? !isOne(axis) : !named.has(axis)));
}

export function expanded<S extends number | null>(
  shape: readonly S[],
  axis: number | undefined,
): readonly (S | 1)[] | undefined {
  if (axis === undefined || axis < -shape.length - 1 || axis > shape.length) return undefined;
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  return [...shape.slice(0, at), 1, ...shape.slice(at)];
}

/** The same numbers in the same order under another shape. */
export function reshape(constant: Constant, target: readonly number[] | undefined): Constant | undefined {
  if (!target) return undefined;
  const total = sizeOf(constant.shape);
  const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const shape = target.map((size) => (size === -1 ? total / known : size));
  if (!shape.every((size) => Number.isInteger(size) && size >= 0) || sizeOf(shape) !== total)
    return undefined;
  const { source } = constant;
  if (source?.from !== 'ranges' || !source.strides) return { ...constant, shape };
  if (source.strides.every((stride) => stride === 0)) {
    return { ...constant, shape, source: { ...source, strides: shape.map(() => 0) } };
  }
  // Of numbers out of order only axes of one may come and go.
  const long = constant.shape.flatMap((size, axis) =>
    size === 1 ? [] : [{ size, stride: source.strides![axis]! }],
  );
  const wanted = shape.filter((size) => size !== 1);
  if (wanted.join() !== long.map(({ size }) => size).join()) return undefined;
  let next = 0;
  const strides = shape.map((size) => (size === 1 ? 0 : long[next++]!.stride));
  return { ...constant, shape, source: { ...source, strides } };
}

/** The same numbers with axes in another order. */
export function transpose(constant: Constant, order: readonly number[] | undefined): Constant | undefined {
  const { source, shape } = constant;
  const isOrder =
    order?.length === shape.length && order.toSorted((a, b) => a - b).every((at, index) => at === index);
  if (!order || !isOrder || source?.from !== 'ranges') return undefined;
  const strides = source.strides ?? rowMajorStrides(shape);
  return {
    dtype: constant.dtype,
    shape: order.map((axis) => shape[axis]!),
    source: { ...source, strides: order.map((axis) => strides[axis]!) },
  };
}

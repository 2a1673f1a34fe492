import { sizeOf } from '../../core/graph/layerGraph';
import { rowMajorStrides } from '../strides';
import { MAX_CONSTANT_NUMBERS } from './bounds';
import type { ConstantReader } from './constants';
import type { OnnxNode } from './proto';
import type { Constant } from './tensor';
import { identityOrder } from './value';

/** A number that a model computes of shapes; null depends on the batch. */
export type Numbers = readonly (number | null)[];

/** The same numbers, read in another order when somebody reads them. */
export function transposed({ attributes }: OnnxNode, constant: Constant): Constant | undefined {
  const { dims, numbers, strides = rowMajorStrides(dims) } = constant;
  const given = attributes.get('perm');
  const order = given?.type === 'numbers' ? given.value : identityOrder(dims.length).toReversed();
  const isOrder = order.length === dims.length && order.every((axis) => axis in dims);
  if (numbers || !isOrder || new Set(order).size < order.length) return undefined;
  const moved = order.map((axis) => dims[axis] ?? 1);
  return { ...constant, dims: moved, strides: order.map((axis) => strides[axis] ?? 1) };
}

/** Stretched over the batch alone it stays what it is: whoever reads it stretches it. */
export function expanded(constant: Constant, shape: Numbers): Constant | undefined {
  const lead = new Array<number>(Math.max(0, shape.length - constant.dims.length)).fill(1);
  const dims = [...lead, ...constant.dims];
  const stays = shape.every(
    (size, axis) => size === 1 || size === dims[axis] || (size === null && dims[axis] === 1),
  );
  return stays ? { ...constant, dims } : undefined;
}

/** A file may say any number where a size is. */
const isSize = (size: number) => Number.isSafeInteger(size) && size >= 0;

export async function filled(
  { attributes }: OnnxNode,
  name: string,
  shape: Numbers,
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const value = attributes.get('value');
  const [one = 0] = value?.type === 'tensor' ? await reader.known(value.value) : [];
  // The same for every sample: one says it all.
  const dims = shape.map((size) => size ?? 1);
  const count = sizeOf(dims);
  if (!dims.every(isSize) || count > MAX_CONSTANT_NUMBERS) return undefined;
  const dtype = value?.type === 'tensor' ? value.value.dtype : 'float32';
  return { name, dims, dtype, numbers: new Array<number>(count).fill(one) };
}

export async function rangeOf(
  name: string,
  constants: readonly Constant[],
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const bounds = await Promise.all(constants.map((constant) => reader.known(constant)));
  const [[start = 0] = [], [limit = 0] = [], [step = 1] = []] = bounds;
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= MAX_CONSTANT_NUMBERS)) return undefined;
  const numbers = Array.from({ length: count }, (_, index) => start + index * step);
  return { name, dims: [count], dtype: constants[0]?.dtype ?? 'int64', numbers };
}

/** With `fmod` the sign is the dividend's, else the divisor's. */
export function remainder({ attributes }: OnnxNode): (a: number, b: number) => number {
  const fmod = attributes.get('fmod');
  return fmod?.type === 'number' && fmod.value !== 0 ? (a, b) => a % b : (a, b) => ((a % b) + b) % b;
}

type Two = readonly [Numbers, Numbers];

export async function numbersOf(first: Constant, second: Constant, reader: ConstantReader): Promise<Two> {
  return [await reader.numbers(first), await reader.numbers(second)];
}

/** Number by number, one of the two perhaps a single number. */
export function combine(
  name: string,
  first: Constant,
  second: Constant,
  [a, b]: Two,
  operation: (a: number, b: number) => number,
): Constant | undefined {
  if (a.length !== b.length && a.length !== 1 && b.length !== 1) return undefined;
  const dims = a.length >= b.length ? first.dims : second.dims;
  const numbers = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const [x, y] = [oneOf(a, index), oneOf(b, index)];
    return x === null || y === null ? null : operation(x, y);
  });
  return { name, dims, dtype: first.dtype, numbers };
}

const oneOf = (numbers: Numbers, index: number): number | null =>
  numbers[numbers.length === 1 ? 0 : index] ?? null;

/** The size of a batch is never below zero, which is what exporters ask of sizes. */
export function equal(name: string, first: Constant, [a, b]: Two): Constant | undefined {
  const below = (one: number | null) => one !== null && one < 0;
  const answers = a.map((one, index) => {
    const other = oneOf(b, index);
    if (one !== null && other !== null) return one === other ? 1 : 0;
    return below(one) || below(other) ? 0 : undefined;
  });
  const known = answers.filter((one) => one !== undefined);
  if (known.length < a.length || (b.length !== 1 && b.length !== a.length)) return undefined;
  return { name, dims: first.dims, dtype: 'bool', numbers: known };
}

export async function chosen(
  name: string,
  constants: readonly Constant[],
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const [condition, yes, no] = constants;
  if (!condition || !yes || !no) return undefined;
  const [a, b] = await numbersOf(yes, no, reader);
  const which = await reader.known(condition);
  if (a.length !== which.length && a.length !== 1) return undefined;
  if (b.length !== which.length && b.length !== 1) return undefined;
  const numbers = which.map((one, index) => oneOf(one === 0 ? b : a, index));
  return { name, dims: condition.dims, dtype: yes.dtype, numbers };
}

/** Sizes, as a tensor of one axis. */
export function vector(name: string, numbers: Numbers): Constant {
  return { name, dims: [numbers.length], dtype: 'int64', numbers };
}

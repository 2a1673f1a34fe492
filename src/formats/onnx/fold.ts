import { sizeOf } from '../../core/graph/layerGraph';
import { MAX_CONSTANT_NUMBERS, MAX_RANK } from './bounds';
import type { ConstantReader } from './constants';
import {
  chosen,
  combine,
  equal,
  expanded,
  filled,
  numbersOf,
  rangeOf,
  remainder,
  transposed,
  vector,
  type Numbers,
} from './foldNumbers';
import type { Operand } from './nodeCall';
import type { OnnxNode } from './proto';
import type { Constant } from './tensor';
import { onnxShape, resolveAxis } from './value';
import { Unsupported } from './unsupported';

/** Operators that only say a constant's sizes anew; its numbers stay where they are. */
const RESHAPING: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

const OF_ONE: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Abs: Math.abs,
  Sqrt: Math.sqrt,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Reciprocal: (a) => 1 / a,
};

/**
 * What a node gives that depends on no data: exporters compute the shapes they reshape to of the shapes they meet.
 * @returns nothing for a node that has to be computed, or that nobody here can work out
 */
export async function fold(
  node: OnnxNode,
  operands: readonly (Operand | undefined)[],
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const [name = ''] = node.outputs;
  if (node.domain !== '') return undefined;
  const [first] = operands;
  try {
    if (node.op === 'Shape' && first?.is === 'value') {
      return vector(name, partOfShape(node, onnxShape(first.value)));
    }
    const constants = operands.flatMap((operand) => (operand?.is === 'constant' ? [operand.constant] : []));
    if (constants.length === 0 || constants.length < operands.filter(Boolean).length) return undefined;
    return await foldConstants(node, name, constants, reader);
  } catch (cause) {
    if (cause instanceof Unsupported) return undefined;
    throw cause;
  }
}

async function foldConstants(
  node: OnnxNode,
  name: string,
  constants: readonly Constant[],
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const [first, second] = constants;
  if (!first) return undefined;
  if (RESHAPING.has(node.op)) {
    if (first.strides && node.op !== 'Identity') return undefined;
    const dims = await newDims(node, first, second, reader);
    return dims && dims.length <= MAX_RANK ? { ...first, name, dims } : undefined;
  }
  const attribute = node.attributes.get('axis');
  const axis = attribute?.type === 'number' ? attribute.value : 0;
  switch (node.op) {
    case 'Shape':
      return vector(name, partOfShape(node, first.dims));
    case 'Transpose':
      return transposed(node, { ...first, name });
    case 'Expand':
      return second && expanded({ ...first, name }, await reader.numbers(second));
    case 'ConstantOfShape':
      return filled(node, name, await reader.numbers(first), reader);
    case 'Range':
      return rangeOf(name, constants, reader);
    case 'Mod':
      return second && combine(name, first, second, await numbersOf(first, second, reader), remainder(node));
    case 'Equal':
      return second && equal(name, first, await numbersOf(first, second, reader));
    case 'Where':
      return chosen(name, constants, reader);
    case 'Cast':
      return castTo(node, { ...first, name }, reader);
    case 'Gather': {
      if (!second || first.dims.length !== 1 || axis !== 0) return undefined;
      const from = await reader.numbers(first);
      const at = await reader.known(second);
      const taken = at.map((index) => from[resolveAxis(index, from.length)] ?? null);
      return { name, dims: second.dims, dtype: first.dtype, numbers: taken };
    }
    case 'Concat': {
      if (constants.some(({ dims }) => dims.length !== 1)) return undefined;
      const parts: (number | null)[] = [];
      for (const constant of constants) {
        for (const one of await reader.numbers(constant)) parts.push(one);
        // A tensor joined to itself, again and again, doubles each time.
        if (parts.length > MAX_CONSTANT_NUMBERS) return undefined;
      }
      return vector(name, parts);
    }
    case 'Slice':
      return sliceOf(name, constants, reader);
    default: {
      const operation = ARITHMETIC[node.op];
      const whole = first.dtype === 'int64' || first.dtype === 'int32';
      if (operation && second && constants.length === 2) {
        const compute = (x: number, y: number) => (whole ? Math.trunc(operation(x, y)) : operation(x, y));
        return combine(name, first, second, await numbersOf(first, second, reader), compute);
      }
      const ofOne = OF_ONE[node.op];
      if (!ofOne) return undefined;
      const numbers = (await reader.numbers(first)).map((one) => (one === null ? null : ofOne(one)));
      return { name, dims: first.dims, dtype: first.dtype, numbers };
    }
  }
}

async function newDims(
  node: OnnxNode,
  from: Constant,
  second: Constant | undefined,
  reader: ConstantReader,
): Promise<readonly number[] | undefined> {
  const given = node.attributes.get('axes');
  const axes = given?.type === 'numbers' ? given.value : second && (await reader.known(second));
  switch (node.op) {
    case 'Identity':
      return from.dims;
    case 'Squeeze': {
      const dropped = axes?.map((axis) => resolveAxis(axis, from.dims.length));
      return from.dims.filter((size, axis) => (dropped ? !dropped.includes(axis) : size !== 1));
    }
    case 'Unsqueeze': {
      const rank = from.dims.length + (axes?.length ?? 0);
      const added = new Set(axes?.map((axis) => resolveAxis(axis, rank)));
      const rest = [...from.dims];
      return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
    }
    case 'Reshape': {
      if (!second) return undefined;
      const target = (await reader.known(second)).map((size, axis) =>
        size === 0 ? (from.dims[axis] ?? 0) : size,
      );
      const total = sizeOf(from.dims);
      const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
      const dims = target.map((size) => (size === -1 ? total / known : size));
      return sizeOf(dims) === total && dims.every(Number.isInteger) ? dims : undefined;
    }
    default:
      return undefined;
  }
}

/** To whole numbers, or to float32, which is what weights of any type are read as. */
async function castTo(
  node: OnnxNode,
  constant: Constant,
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const to = node.attributes.get('to');
  const code = to?.type === 'number' ? to.value : 0;
  if (code === 1) return constant;
  if (code !== 6 && code !== 7) return undefined;
  const numbers = await reader.numbers(constant);
  const whole = numbers.map((one) => (one === null ? null : Math.trunc(one)));
  return { name: constant.name, dims: constant.dims, dtype: 'int64', numbers: whole };
}

async function sliceOf(
  name: string,
  constants: readonly Constant[],
  reader: ConstantReader,
): Promise<Constant | undefined> {
  const [data, starts, ends, axes, steps] = constants;
  if (!data || !starts || !ends || data.dims.length !== 1) return undefined;
  const numbers = await reader.numbers(data);
  const [start = 0] = await reader.known(starts);
  const [end = 0] = await reader.known(ends);
  const [axis = 0] = axes ? await reader.known(axes) : [0];
  const [step = 1] = steps ? await reader.known(steps) : [1];
  if (resolveAxis(axis, 1) !== 0) return undefined;
  if (step === 1) return vector(name, numbers.slice(start, end));
  return step === -1 && start === -1 && end < -numbers.length
    ? vector(name, numbers.toReversed())
    : undefined;
}

/** Since version 15 a node may ask for some of the sizes. */
function partOfShape({ attributes }: OnnxNode, shape: Numbers): Numbers {
  const [start, end] = [attributes.get('start'), attributes.get('end')];
  return shape.slice(
    start?.type === 'number' ? start.value : 0,
    end?.type === 'number' ? end.value : shape.length,
  );
}

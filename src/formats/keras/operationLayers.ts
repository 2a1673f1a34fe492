import { REDUCING, UNARY } from '../../core/layers/tensorOperations';
import { t } from '../../l10n/translate';
import type { JsonRecord } from './json';
import { movingLayer } from './movingOperations';
import { getItem } from './operationKeys';
import type { Operand, OperationLayer } from './operations';

type Tensor = Extract<Operand, { readonly tensor: unknown }>;

/** Operations on tensors alone, whose layer has the same name. */
const MERGING: ReadonlySet<string> = new Set(['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum']);

/** Activation functions by the names of their operations. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Silu: 'silu',
  Selu: 'selu',
  HardSigmoid: 'hard_sigmoid',
  Exp: 'exponential',
};

/** Operations on one tensor, number by number, that are kinds of the same name. */
const SAME: ReadonlySet<string> = new Set(UNARY);

/** Give truths to Keras, 1 and 0 here. */
const COMPARISONS: readonly string[] = [
  'Equal',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
  'NotEqual',
];

/** Operations on two tensors that are kinds, by what they are called there. */
const BINARY: Readonly<Record<string, string>> = {
  TrueDivide: 'Divide',
  Divide: 'Divide',
  FloorDivide: 'FloorDivide',
  Mod: 'Mod',
  Power: 'Power',
  ...Object.fromEntries(COMPARISONS.map((name) => [name, name])),
};

const REDUCTIONS: ReadonlySet<string> = new Set(REDUCING);

/** Operations that take the mean or the largest over positions, by the word in their layers' names. */
const POOLING: Readonly<Record<string, string>> = { Mean: 'Average', Max: 'Max' };

const opaque = (reason: string): OperationLayer => ({ opaque: reason });
const NONE = opaque(t('no layer computes it'));

/** The layer that computes what a call of an operation of `keras.ops` does, to the last bits of a float. */
export function layerForOperation(
  name: string,
  config: JsonRecord,
  operands: readonly Operand[],
): OperationLayer {
  const [first, second] = operands;
  if (name === 'GetItem' && first && isTensor(first) && second) return getItem(first, second);
  if (name === 'Take' && first && isTensor(first) && second) return take(config, first, second);
  if (name === 'Pad' && first && isTensor(first)) return pad(config, second);
  if (operands.some((each) => 'other' in each))
    return opaque(t('it takes what is neither a tensor nor a number'));
  if (first && second && (MERGING.has(name) || Object.hasOwn(BINARY, name))) {
    if ('tensor' in first && 'tensor' in second) return merge(name, [first, second]);
    return withNumber(name, first, second);
  }
  const tensors = operands.filter(isTensor);
  if (name === 'Concatenate') return concatenate(config, tensors);
  if (name === 'Stack' && tensors.length > 0) return { kind: 'Stack', config: { axis: config.axis ?? 0 } };
  if (tensors.length === 2 && name === 'Matmul') return matmul(tensors);
  if (tensors.length === 3 && name === 'Where') return { kind: 'Where', config: {} };
  if (tensors.length === 2 && name === 'Einsum')
    return { kind: 'Einsum', config: { subscripts: config.subscripts } };
  if (!first || !isTensor(first) || operands.length > 1) return NONE;
  return unary(name, config, first);
}

function merge(name: string, [one, other]: readonly [Tensor, Tensor]): OperationLayer {
  if (Object.hasOwn(BINARY, name)) return { kind: BINARY[name]!, config: {} };
  // Layers line up shorter tensors behind the batch, operations at the last axis.
  if (!one.shape || one.shape.length !== other.shape?.length) {
    return opaque(t('its tensors are not known to have equally many axes'));
  }
  return { kind: name, config: {} };
}

/** With one number, most come down to `x · scale + offset`. */
function withNumber(name: string, first: Operand, second: Operand): OperationLayer {
  const tensor = 'tensor' in first ? first : second;
  const number = 'number' in first ? first.number : 'number' in second ? second.number : NaN;
  if (!isTensor(tensor) || !Number.isFinite(number))
    return opaque(t('it takes no tensor and one finite number'));
  if (!isFloating(tensor)) return opaque(t('its tensor does not hold floating-point numbers'));
  const tensorFirst = tensor === first;
  if (name === 'Add') return rescaling(1, number);
  if (name === 'Subtract') return tensorFirst ? rescaling(1, -number) : rescaling(-1, number);
  if (name === 'Multiply') return rescaling(number, 0);
  if (BINARY[name] === 'Divide' && tensorFirst && number !== 0) return rescaling(1 / number, 0);
  if (name === 'Maximum') {
    return number === 0 ? { kind: 'ReLU', config: {} } : { kind: 'Clip', config: { x_min: number } };
  }
  if (name === 'Minimum') return { kind: 'Clip', config: { x_max: number } };
  const operation = BINARY[name]!;
  if (COMPARISONS.includes(name)) return opaque(t('it compares with a number'));
  return { kind: 'NumberOperation', config: { operation, number, number_first: !tensorFirst } };
}

function unary(name: string, config: JsonRecord, tensor: Tensor): OperationLayer {
  const moving = movingLayer(name, config, tensor);
  if (moving) return moving;
  const activation = ACTIVATIONS[name];
  if (activation !== undefined) return { kind: 'Activation', config: { activation } };
  switch (name) {
    case 'Negative':
      return isFloating(tensor) ? rescaling(-1, 0) : NONE;
    case 'Relu':
      return { kind: 'ReLU', config: {} };
    case 'Relu6':
      return { kind: 'ReLU', config: { max_value: 6 } };
    case 'LeakyRelu':
      return { kind: 'LeakyReLU', config: { negative_slope: config.negative_slope ?? 0.2 } };
    case 'Elu':
      return { kind: 'ELU', config: { alpha: config.alpha ?? 1 } };
    case 'Gelu':
      return config.approximate === false
        ? { kind: 'Activation', config: { activation: 'gelu' } }
        : opaque(t('no layer computes its approximation'));
    case 'Softmax':
      return { kind: 'Softmax', config: { axis: config.axis ?? -1 } };
    case 'Reshape':
      return reshape(config, tensor);
    case 'ExpandDims':
      return { kind: 'ExpandDims', config: { axis: config.axis } };
    case 'Squeeze':
      return { kind: 'Squeeze', config: { axis: config.axis ?? onesOf(tensor) } };
    case 'Split':
      return split(config, tensor);
    case 'Cast':
      return cast(config);
    case 'Clip':
      return { kind: 'Clip', config: { x_min: config.x_min, x_max: config.x_max } };
    case 'Tile':
      return { kind: 'Tile', config: { repeats: config.repeats } };
    case 'Unstack':
      return {
        kind: 'Unstack',
        config: { num: config.num ?? sizeAt(config.axis, tensor), axis: config.axis },
      };
    case 'Round':
      return config.decimals ? opaque(t('it rounds to decimals')) : { kind: 'Round', config: {} };
    default:
      if (SAME.has(name)) return { kind: name, config: {} };
      return REDUCTIONS.has(name) ? reduce(name, config, tensor) : NONE;
  }
}

/** Places along an axis, or one, and the axis is dropped; without an axis Keras takes them of all numbers in a row. */
function take({ axis }: JsonRecord, { shape }: Tensor, places: Operand): OperationLayer {
  const rank = shape?.length ?? 0;
  const at = typeof axis === 'number' && axis < 0 ? axis + rank : axis;
  if ('number' in places && typeof at === 'number' && at >= 0 && at < rank) {
    const whole = Array.from({ length: at }, () => ({ start: null, stop: null, step: null }));
    return { kind: 'GetItem', config: { key: [...whole, places.number] } };
  }
  const indices = 'other' in places ? places.other : undefined;
  return typeof axis === 'number' && Array.isArray(indices)
    ? { kind: 'Take', config: { indices, axis } }
    : opaque(t('its places are computed, or along no axis'));
}

function pad({ pad_width: margins, mode }: JsonRecord, value: Operand | undefined): OperationLayer {
  if (value && !('number' in value)) return opaque(t('what it pads with is computed'));
  return { kind: 'Pad', config: { pad_width: margins, mode, constant_values: value?.number ?? 0 } };
}

function sizeAt(axis: unknown, { shape }: Tensor): number | null {
  return (typeof axis === 'number' ? shape?.at(axis) : undefined) ?? null;
}

function concatenate(config: JsonRecord, tensors: readonly Tensor[]): OperationLayer {
  const rank = tensors[0]?.shape?.length;
  const axis = config.axis ?? 0;
  const joinsBatch = axis === 0 || (typeof axis === 'number' && axis + (rank ?? 0) === 0);
  return joinsBatch || rank === undefined
    ? opaque(t('it joins batches'))
    : { kind: 'Concatenate', config: { axis } };
}

/** Over every position of an image or a sequence it is a pooling layer, as people know it. */
function reduce(name: string, config: JsonRecord, { shape }: Tensor): OperationLayer {
  const word = POOLING[name];
  const plain = { kind: name, config: { axis: config.axis ?? null, keepdims: config.keepdims === true } };
  const rank = shape?.length ?? 0;
  const axes = (Array.isArray(config.axis) ? (config.axis as unknown[]) : [config.axis]).map((axis) =>
    typeof axis === 'number' && axis < 0 ? axis + rank : axis,
  );
  const positions = axes.sort().join();
  const expected = rank === 4 ? '1,2' : rank === 3 ? '1' : undefined;
  if (word === undefined || positions !== expected) return plain;
  return { kind: `Global${word}Pooling${rank - 2}D`, config: { keepdims: config.keepdims === true } };
}

/** Only where each sample stays its own. */
function reshape(config: JsonRecord, { shape }: Tensor): OperationLayer {
  const target: readonly unknown[] = Array.isArray(config.newshape) ? config.newshape : [];
  const [batch, ...sizes] = target;
  const product = (list: readonly unknown[]) => list.reduce<number>((all, size) => all * Number(size), 1);
  const known = (list: readonly unknown[]) => list.every((size) => typeof size === 'number' && size > 0);
  const sample = shape?.slice(1) ?? [null];
  if (batch !== -1 || !known(sizes) || !known(sample) || product(sizes) !== product(sample)) {
    return { kind: 'TensorReshape', config: { shape: target.map((size) => size ?? -1) } };
  }
  return { kind: 'Reshape', config: { target_shape: sizes } };
}

function matmul(tensors: readonly Tensor[]): OperationLayer {
  return tensors.every(({ shape }) => shape && shape.length >= 2)
    ? { kind: 'Matmul', config: {} }
    : opaque(t('its tensors are not known to be matrices'));
}

/** The axes that a `squeeze` without one drops. */
function onesOf({ shape }: Tensor): readonly number[] {
  return (shape ?? []).flatMap((size, axis) => (size === 1 ? [axis] : []));
}

/** Into equal parts, or at some places. */
function split({ indices_or_sections: into, axis = 0 }: JsonRecord, { shape }: Tensor): OperationLayer {
  const size = typeof axis === 'number' ? shape?.at(axis) : undefined;
  if (typeof size !== 'number') return opaque(t('the size that it splits is not known'));
  if (typeof into === 'number') {
    return { kind: 'Split', config: { sizes: Array.from({ length: into }, () => size / into), axis } };
  }
  const places: readonly unknown[] = Array.isArray(into) ? into : [null];
  const ends = [...places, size].map(Number);
  return { kind: 'Split', config: { sizes: ends.map((end, at) => end - (ends[at - 1] ?? 0)), axis } };
}

/** Everything is computed as float32, so that between floats, and from whole numbers, there is nothing to do. */
function cast({ dtype }: JsonRecord): OperationLayer {
  if (typeof dtype !== 'string' || dtype === 'bool') return opaque(t('it makes truths'));
  return { kind: /float/.test(dtype) ? 'Identity' : 'Trunc', config: {} };
}

function rescaling(scale: number, offset: number): OperationLayer {
  return { kind: 'Rescaling', config: { scale, offset } };
}

/** What Keras 2 does not say is a float, as nearly everything is. */
function isFloating({ dtype }: Tensor): boolean {
  return dtype === undefined || /float/.test(dtype);
}

function isTensor(operand: Operand): operand is Tensor {
  return 'tensor' in operand;
}

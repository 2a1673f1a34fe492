import type { JsonRecord } from './json';
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

/** Operations that take the mean or the largest over positions, by the word in their layers' names. */
const POOLING: Readonly<Record<string, string>> = { Mean: 'Average', Max: 'Max' };

const opaque = (reason: string): OperationLayer => ({ opaque: reason });
const NONE = opaque('no layer computes it');

/** The layer that computes what a call of an operation of `keras.ops` does, to the last bits of a float. */
export function layerForOperation(
  name: string,
  config: JsonRecord,
  operands: readonly Operand[],
): OperationLayer {
  const [first, second] = operands;
  if (operands.some((each) => 'other' in each))
    return opaque('it takes what is neither a tensor nor a number');
  if (first && second && (MERGING.has(name) || isDivision(name))) {
    if ('tensor' in first && 'tensor' in second) return merge(name, [first, second]);
    return withNumber(name, first, second);
  }
  if (name === 'Concatenate') return concatenate(config, operands.filter(isTensor));
  if (!first || !isTensor(first) || operands.length > 1) return NONE;
  return unary(name, config, first);
}

function merge(name: string, [one, other]: readonly [Tensor, Tensor]): OperationLayer {
  if (!MERGING.has(name)) return NONE;
  // Layers line up shorter tensors behind the batch, operations at the last axis.
  if (!one.shape || one.shape.length !== other.shape?.length) {
    return opaque('its tensors are not known to have equally many axes');
  }
  return { kind: name, config: {} };
}

/** With one number, most come down to `x · scale + offset`. */
function withNumber(name: string, first: Operand, second: Operand): OperationLayer {
  const tensor = 'tensor' in first ? first : second;
  const number = 'number' in first ? first.number : 'number' in second ? second.number : NaN;
  if (!isTensor(tensor) || !Number.isFinite(number))
    return opaque('it takes no tensor and one finite number');
  if (!isFloating(tensor)) return opaque('its tensor does not hold floating-point numbers');
  const tensorFirst = tensor === first;
  if (name === 'Add') return rescaling(1, number);
  if (name === 'Subtract') return tensorFirst ? rescaling(1, -number) : rescaling(-1, number);
  if (name === 'Multiply') return rescaling(number, 0);
  if (isDivision(name) && tensorFirst && number !== 0) return rescaling(1 / number, 0);
  if (name === 'Maximum' && number === 0) return { kind: 'ReLU', config: {} };
  return opaque(`no layer computes it with the number ${number}`);
}

function unary(name: string, config: JsonRecord, tensor: Tensor): OperationLayer {
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
        : opaque('no layer computes its approximation');
    case 'Softmax':
      return { kind: 'Softmax', config: { axis: config.axis ?? -1 } };
    case 'Mean':
    case 'Max':
      return globalPooling(POOLING[name]!, config, tensor);
    case 'Reshape':
      return reshape(config, tensor);
    case 'Transpose':
      return permute(config);
    default:
      return NONE;
  }
}

function concatenate(config: JsonRecord, tensors: readonly Tensor[]): OperationLayer {
  const rank = tensors[0]?.shape?.length;
  const axis = config.axis ?? 0;
  const joinsBatch = axis === 0 || (typeof axis === 'number' && axis + (rank ?? 0) === 0);
  return joinsBatch || rank === undefined
    ? opaque('it joins batches')
    : { kind: 'Concatenate', config: { axis } };
}

/** Over every position of an image or a sequence. */
function globalPooling(word: string, config: JsonRecord, { shape }: Tensor): OperationLayer {
  const rank = shape?.length ?? 0;
  const axes = (Array.isArray(config.axis) ? (config.axis as unknown[]) : [config.axis]).map((axis) =>
    typeof axis === 'number' && axis < 0 ? axis + rank : axis,
  );
  const positions = axes.sort().join();
  const expected = rank === 4 ? '1,2' : rank === 3 ? '1' : undefined;
  if (positions !== expected) return opaque('no layer computes it over these axes');
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
    return opaque('it is not known to keep samples apart');
  }
  return { kind: 'Reshape', config: { target_shape: sizes } };
}

function permute(config: JsonRecord): OperationLayer {
  const axes: readonly unknown[] = Array.isArray(config.axes) ? config.axes : [];
  return axes[0] === 0 ? { kind: 'Permute', config: { dims: axes.slice(1) } } : opaque('it moves the batch');
}

function rescaling(scale: number, offset: number): OperationLayer {
  return { kind: 'Rescaling', config: { scale, offset } };
}

/** What Keras 2 does not say is a float, as nearly everything is. */
function isFloating({ dtype }: Tensor): boolean {
  return dtype === undefined || /float/.test(dtype);
}

function isDivision(name: string): boolean {
  return name === 'TrueDivide' || name === 'Divide';
}

function isTensor(operand: Operand): operand is Tensor {
  return 'tensor' in operand;
}

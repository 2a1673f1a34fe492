import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { constantPlan } from '../constantLayers';
import type { Constant } from '../constants';
import type { GraphSoFar, PlanInput, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { numberOf } from '../graphDef';
import { merge, merging, unary } from './arithmetic';
import { biasOf, withBias } from './bias';
import { scaleByChannel, shiftByChannel } from './byChannel';
import { gaussianError } from './gelu';
import { writtenOutLayer } from './layerNormalization';
import { writtenOut } from './normalization';

/** What TensorFlow has where the slope is left out. */
const DEFAULT_SLOPE = 0.2;

/** A `Rescaling` holds its numbers in its configuration: more of them are weights. */
const MAX_CONFIGURED = 16;

const activation = (name: string): Recognize => unary('Activation', () => ({ activation: name }));

interface WithConstant {
  readonly input: FlatTensor;
  readonly constant: Constant;
  readonly numbers: readonly number[] | undefined;
  /** The constant comes first. */
  readonly reversed: boolean;
}

function constantOperand({ feeds: [a, b] }: FlatNode, graph: GraphSoFar): WithConstant | undefined {
  const [first, second] = [graph.constant(a), graph.constant(b)];
  if (!a || !b || (first === undefined) === (second === undefined)) return undefined;
  return second
    ? { input: a, constant: second, numbers: graph.numbers(b), reversed: false }
    : { input: b, constant: first!, numbers: graph.numbers(a), reversed: true };
}

/** `x · scale + offset` with a number for all, or one for each place of the last axis. */
function rescale(
  { input, constant, numbers }: WithConstant,
  config: (value: number | readonly number[]) => LayerConfig,
  graph: GraphSoFar,
): Recognized | undefined {
  const last = constant.shape.at(-1) ?? 1;
  const alongLast = constant.shape.slice(0, -1).every((size) => size === 1);
  const rank = graph.shape(input)?.length;
  if (!numbers || !alongLast || rank === undefined || constant.shape.length > rank) return undefined;
  if (numbers.length === 1)
    return { make: { kind: 'Rescaling', config: config(numbers[0]!), inputs: [input] } };
  if ((numbers.length > MAX_CONFIGURED && rank === 4) || graph.shape(input)?.at(-1) !== last)
    return undefined;
  return { make: { kind: 'Rescaling', config: config(numbers), inputs: [input] } };
}

const negate = (value: number | readonly number[]) =>
  typeof value === 'number' ? -value : value.map((one) => -one);
const invert = (value: number | readonly number[]) =>
  typeof value === 'number' ? 1 / value : value.map((one) => 1 / one);

/** The constant as a number a channel of an image. */
function byChannel({ input, constant }: WithConstant, graph: GraphSoFar): Constant | undefined {
  const shape = graph.shape(input);
  const channels = shape?.length === 4 ? shape[3] : null;
  return channels ? biasOf(constant, channels) : undefined;
}

const add: Recognize = (node, graph): Recognized => {
  const normalization = writtenOut(node, graph) ?? writtenOutLayer(node, graph);
  if (normalization) return normalization;
  const operand = constantOperand(node, graph);
  if (!operand) return merge('Add', node.feeds, graph);
  const vector = byChannel(operand, graph);
  return (
    withBias(operand.input, operand.constant, 'channels_last', graph) ??
    rescale(operand, (offset) => ({ scale: 1, offset }), graph) ??
    (vector?.source && shiftByChannel(operand.input, vector, 'channels_last', graph)) ??
    merge('Add', node.feeds, graph)
  );
};

const subtract: Recognize = (node, graph): Recognized => {
  const operand = constantOperand(node, graph);
  if (!operand) return merge('Subtract', node.feeds, graph);
  const config = (value: number | readonly number[]) =>
    operand.reversed ? { scale: -1, offset: value } : { scale: 1, offset: negate(value) };
  return rescale(operand, config, graph) ?? merge('Subtract', node.feeds, graph);
};

const multiply: Recognize = (node, graph): Recognized => {
  const activation = gaussianError(node, graph);
  if (activation) return activation;
  const operand = constantOperand(node, graph);
  if (!operand) return merge('Multiply', node.feeds, graph);
  const vector = byChannel(operand, graph);
  return (
    rescale(operand, (scale) => ({ scale }), graph) ??
    (vector?.source && scaleByChannel(operand.input, vector, 'channels_last')) ??
    merge('Multiply', node.feeds, graph)
  );
};

const ZEROS = { kind: 'Zeros', config: {} };

/** `(x - mean) / max(sqrt(variance), epsilon)`, as Keras's Normalization is written out. */
function normalizeData(
  { feeds: [difference, deviation] }: FlatNode,
  graph: GraphSoFar,
): Recognized | undefined {
  const root = deviation?.node.feeds.find(({ node }) => node.op === 'Sqrt')?.node;
  if (difference?.node.op !== 'Sub' || deviation?.node.op !== 'Maximum' || !root) return undefined;
  const [input, center] = difference.node.feeds;
  const mean = graph.constant(center);
  const variance = graph.constant(root.feeds[0]);
  const [epsilon] = deviation.node.feeds.flatMap((feed) =>
    feed.node === root ? [] : (graph.numbers(feed) ?? []),
  );
  if (!input || !mean || !variance || epsilon === undefined || epsilon > MAX_EPSILON) return undefined;
  const source = { from: 'initializer', initializer: ZEROS, seed: 0 } as const;
  const count: Constant = { dtype: 'float32', shape: [], source };
  return {
    make: { kind: 'Normalization', config: {}, inputs: [input], weights: { mean, variance, count } },
  };
}

/** Keras's own, as float32 has it. */
const MAX_EPSILON = 1.01e-7;

const divide: Recognize = (node, graph): Recognized => {
  const normalization = normalizeData(node, graph);
  if (normalization) return normalization;
  const operand = constantOperand(node, graph);
  const scaled =
    operand && !operand.reversed ? rescale(operand, (value) => ({ scale: invert(value) }), graph) : undefined;
  return scaled ?? merge('Divide', node.feeds, graph);
};

/** Capped from below and from above. */
const clip: Recognize = (node, graph): Recognized => {
  const [input, from, to] = node.feeds;
  const [least] = graph.numbers(from) ?? [];
  const [most] = graph.numbers(to) ?? [];
  if (input && least === 0 && most !== undefined && most >= 0) {
    return { make: { kind: 'ReLU', config: { max_value: most }, inputs: [input] } };
  }
  const shape = graph.shape(input);
  const ends = [from, to].map((end) => {
    const constant = graph.constant(end);
    const isOne = constant?.shape.every((size) => size === 1) === true;
    return shape && isOne
      ? constantPlan(
          constant,
          graph.numbers(end),
          shape.map(() => 1),
        )
      : undefined;
  });
  const [low, high] = ends;
  if (!input || !low || !high) return { refuse: t('what it clips to is computed, not stored') };
  const raised: PlanInput = { kind: 'Maximum', config: {}, inputs: [input, low], as: 'raised' };
  return { make: { kind: 'Minimum', config: {}, inputs: [raised, high] } };
};

/** With zero, a ReLU. */
const maximum: Recognize = (node, graph): Recognized => {
  const operand = constantOperand(node, graph);
  const isZero = operand?.numbers?.length === 1 && operand.numbers[0] === 0;
  return isZero
    ? { make: { kind: 'ReLU', config: {}, inputs: [operand.input] } }
    : merge('Maximum', node.feeds, graph);
};

/** TensorFlow.js's own: a slope that is learned. */
const prelu: Recognize = (node, graph): Recognized => {
  const [input, slope] = node.feeds;
  const alpha = graph.constant(slope);
  const shape = graph.shape(input);
  if (!input || !alpha?.source || !shape) return { refuse: t('its slope is computed, not stored') };
  const sizes = alpha.shape.slice(-(shape.length - 1));
  const wanted = Array.from(
    { length: shape.length - 1 },
    (_, axis) => sizes.at(axis - shape.length + 1) ?? 1,
  );
  const shared = wanted.flatMap((size, axis) => (size === 1 && shape[axis + 1] !== 1 ? [axis + 1] : []));
  return {
    make: {
      kind: 'PReLU',
      config: shared.length > 0 ? { shared_axes: shared } : {},
      inputs: [input],
      weights: { alpha: { ...alpha, shape: wanted } },
    },
  };
};

export const elementwise: Readonly<Record<string, Recognize>> = {
  Relu: unary('ReLU'),
  Relu6: unary('ReLU', () => ({ max_value: 6 })),
  LeakyRelu: unary('LeakyReLU', (node) => ({ negative_slope: numberOf(node, 'alpha') ?? DEFAULT_SLOPE })),
  Elu: unary('ELU'),
  Softmax: unary('Softmax'),
  Selu: activation('selu'),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  Softplus: activation('softplus'),
  Softsign: activation('softsign'),
  Exp: activation('exponential'),
  LogSoftmax: activation('log_softmax'),
  ClipByValue: clip,
  Prelu: prelu,
  Neg: unary('Rescaling', () => ({ scale: -1 })),
  Add: add,
  AddV2: add,
  AddN: merging('Add'),
  Sub: subtract,
  Mul: multiply,
  RealDiv: divide,
  Div: divide,
  Maximum: maximum,
  Minimum: merging('Minimum'),
};

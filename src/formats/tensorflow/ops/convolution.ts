import type { LayerConfig } from '../../../core/graph/layerGraph';
import { constantPlan } from '../constantLayers';
import type { Constant } from '../constants';
import { reshape, transpose } from '../constants';
import type { Draft, GraphSoFar, LayerPlan, Recognize, Recognized, Weights } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { flagOf, numbersOf, textOf, textsOf } from '../graphDef';
import { merge } from './arithmetic';
import { matrices } from './products';

export type DataFormat = 'channels_last' | 'channels_first';

export function dataFormatOf(node: FlatNode): DataFormat {
  return textOf(node, 'data_format')?.startsWith('NC') === true ? 'channels_first' : 'channels_last';
}

/** Settings of four numbers, an axis each: those of height and width, if the others are one. */
export function overSpace(node: FlatNode, key: string): readonly [number, number] | undefined {
  const all = numbersOf(node, key);
  if (all.length === 0) return [1, 1];
  const [batch, a, b, c] = all;
  if (all.length !== 4 || batch !== 1) return undefined;
  const [height, width, channels] = dataFormatOf(node) === 'channels_last' ? [a, b, c] : [b, c, a];
  return channels === 1 ? [height!, width!] : undefined;
}

interface Window {
  readonly config: LayerConfig;
  /** Zeros around, where a window is padded in its own way. */
  readonly margins?: LayerConfig;
}

function windowOf(node: FlatNode): Window | string {
  const strides = overSpace(node, 'strides');
  const dilation = overSpace(node, 'dilations');
  if (!strides || !dilation) return 'it strides over the batch or the channels';
  const format = dataFormatOf(node);
  const config = { strides, dilation_rate: dilation, data_format: format };
  const padding = textOf(node, 'padding');
  if (padding === 'SAME' || padding === 'VALID')
    return { config: { ...config, padding: padding.toLowerCase() } };
  const margins = numbersOf(node, 'explicit_paddings');
  if (padding !== 'EXPLICIT' || margins.length !== 8) return `its padding is ${padding ?? 'not said'}`;
  const pairs = [0, 1, 2, 3].map((axis) => margins.slice(2 * axis, 2 * axis + 2));
  const [batch, a, b, c] = pairs;
  const [rows, columns, channels] = format === 'channels_last' ? [a, b, c] : [b, c, a];
  if ([...batch!, ...channels!].some((margin) => margin !== 0)) return 'it pads the batch or the channels';
  return {
    config: { ...config, padding: 'valid' },
    margins: { padding: [rows, columns], data_format: format },
  };
}

/** Functions that follow in fused operations, by Keras's names. */
const FUSED: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
};

/** What a fused operation does after it multiplied: its bias and its activation. */
export function fusedTail(
  node: FlatNode,
  graph: GraphSoFar,
  features: number,
): { readonly config: LayerConfig; readonly weights: Weights } | string {
  const steps = [...textsOf(node, 'fused_ops')];
  const config: Record<string, unknown> = { use_bias: false };
  let weights: Weights = {};
  if (steps[0] === 'BiasAdd') {
    steps.shift();
    const constant = graph.constant(node.feeds[2]);
    const bias = constant && biasOf(constant, features);
    if (!bias) return 'its bias is no constant of a number a feature';
    config.use_bias = true;
    weights = { bias };
  }
  const [name, ...more] = steps;
  if (name !== undefined && !Object.hasOwn(FUSED, name)) return `it goes on with ${name}`;
  if (more.length > 0) return `it goes on with ${more.join(', ')}`;
  return { config: name === undefined ? config : { ...config, activation: FUSED[name] }, weights };
}

const convolve =
  (depthwise: boolean): Recognize =>
  (node, graph): Recognized => {
    const [input, filter] = node.feeds;
    const kernel = graph.constant(filter);
    if (!input || kernel?.shape.length !== 4 || !kernel.source)
      return { refuse: 'its filters are computed, not stored' };
    const window = windowOf(node);
    if (typeof window === 'string') return { refuse: window };
    const [height, width, channels, last] = kernel.shape as [number, number, number, number];
    const features = depthwise ? channels * last : last;
    const tail = fusedTail(node, graph, features);
    if (typeof tail === 'string') return { refuse: tail };
    const shape = graph.shape(input);
    const inputChannels =
      shape?.length === 4 ? shape[dataFormatOf(node) === 'channels_last' ? 3 : 1] : undefined;
    const config = {
      ...window.config,
      ...tail.config,
      kernel_size: [height, width],
      ...(depthwise
        ? { depth_multiplier: last }
        : { filters: last, groups: inputChannels ? Math.max(1, Math.floor(inputChannels / channels)) : 1 }),
    };
    return {
      make: {
        kind: depthwise ? 'DepthwiseConv2D' : 'Conv2D',
        config,
        inputs: [window.margins ? zerosAround(input, window.margins) : input],
        weights: { kernel, ...tail.weights },
      },
    };
  };

export const zerosAround = (input: FlatTensor, config: LayerConfig): LayerPlan => ({
  kind: 'ZeroPadding2D',
  config,
  inputs: [input],
  as: 'padding',
});

/**
 * A dilated convolution as TensorFlow writes it where no kernel has dilations: samples of the image become a batch, are
 * convolved, and go back to their places.
 */
const dilated: Recognize = (node, graph): Recognized => {
  const refuse: Recognized = {
    refuse: 'it moves places of the image to another batch, and not for a convolution',
  };
  const inner = node.feeds[0]?.node;
  const outer = inner?.feeds[0]?.node;
  const depthwise = inner?.op === 'DepthwiseConv2dNative';
  if ((!depthwise && inner?.op !== 'Conv2D') || outer?.op !== 'SpaceToBatchND') return refuse;
  const input = outer.feeds[0];
  const kernel = graph.constant(inner.feeds[1]);
  const [block, crops] = [graph.numbers(node.feeds[1]), graph.numbers(node.feeds[2])];
  const [spread, margins] = [graph.numbers(outer.feeds[1]), graph.numbers(outer.feeds[2])];
  const plain = textOf(inner, 'padding') === 'VALID' && dataFormatOf(inner) === 'channels_last';
  const steps = overSpace(inner, 'strides')?.every((step) => step === 1);
  const known = input && kernel?.shape.length === 4 && block?.length === 2 && block.join() === spread?.join();
  if (!known || !plain || !steps || margins?.length !== 4 || crops?.length !== 4) return refuse;
  // What is cropped at the end was only there to fill the last block.
  const padding = [0, 1].map((axis) => [
    margins[2 * axis]! - crops[2 * axis]!,
    margins[2 * axis + 1]! - crops[2 * axis + 1]!,
  ]);
  if (crops[0] !== 0 || crops[2] !== 0 || padding.flat().some((margin) => margin < 0)) return refuse;
  const [height, width, channels, last] = kernel.shape as [number, number, number, number];
  const shape = {
    kernel_size: [height, width],
    dilation_rate: block,
    padding: 'valid',
    use_bias: false,
    ...(depthwise ? { depth_multiplier: last } : { filters: last }),
  };
  const inputChannels = graph.shape(input)?.[3];
  if (!depthwise && inputChannels !== channels) return refuse;
  return {
    make: {
      kind: depthwise ? 'DepthwiseConv2D' : 'Conv2D',
      config: shape,
      inputs: [padding.flat().some((margin) => margin > 0) ? zerosAround(input, { padding }) : input],
      weights: { kernel },
    },
  };
};

const multiply: Recognize = (node, graph): Recognized => {
  const [input, matrix] = node.feeds;
  const stored = graph.constant(matrix);
  const turned = flagOf(node, 'transpose_a') || flagOf(node, 'adj_x');
  if (!input || !stored?.source || stored.shape.length !== 2 || turned || graph.constant(input)) {
    return node.op.startsWith('_') ? { refuse: 'its matrix is computed, not stored' } : matrices(node, graph);
  }
  const kernel = flagOf(node, 'transpose_b') || flagOf(node, 'adj_y') ? transpose(stored, [1, 0]) : stored;
  if (!kernel) return { refuse: 'its matrix is transposed, and where it is kept that cannot be read so' };
  const units = kernel.shape[1]!;
  const tail = fusedTail(node, graph, units);
  if (typeof tail === 'string') return { refuse: tail };
  return {
    make: {
      kind: 'Dense',
      config: { units, ...tail.config },
      inputs: [input],
      weights: { kernel, ...tail.weights },
    },
  };
};

/** A constant that adds a number a feature along the last axis. */
export function biasOf(constant: Constant, features: number, axis = -1): Constant | undefined {
  const at = axis < 0 ? axis + constant.shape.length : axis;
  const isBias = constant.shape.every((size, index) => size === (index === at ? features : 1));
  return isBias && constant.shape.length > 0 ? reshape(constant, [features]) : undefined;
}

const BIASED: ReadonlySet<string> = new Set(['Conv2D', 'DepthwiseConv2D', 'Conv2DTranspose', 'Dense']);

/** The layer before with that bias, where it has none yet and does nothing after it. */
export function withBias(
  input: FlatTensor | undefined,
  constant: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized | undefined {
  const draft: Draft | undefined = graph.alone(input);
  if (!draft || draft.opaque !== undefined || !BIASED.has(draft.kind) || draft.config.use_bias === true) {
    return undefined;
  }
  if (draft.config.activation !== 'linear') return undefined;
  if (draft.kind !== 'Dense' && draft.config.data_format !== format) return undefined;
  const kernel = draft.weights[0]?.shape ?? [];
  const features =
    draft.kind === 'DepthwiseConv2D'
      ? kernel.at(-1)! * kernel.at(-2)!
      : (kernel.at(draft.kind === 'Conv2DTranspose' ? -2 : -1) ?? 0);
  const isVector = constant.shape.length === 1;
  if (!constant.source) return undefined;
  const bias = biasOf(
    constant,
    features,
    isVector || format === 'channels_last' ? -1 : constant.shape.length - 3,
  );
  return bias && { change: draft, config: { ...draft.config, use_bias: true }, weights: { bias } };
}

const addBias: Recognize = (node, graph): Recognized => {
  const [input, bias] = node.feeds;
  const constant = graph.constant(bias);
  const format = dataFormatOf(node);
  if (!input || constant?.shape.length !== 1) {
    return format === 'channels_last'
      ? merge('Add', node.feeds, graph)
      : { refuse: 'its bias is computed, not stored' };
  }
  return (
    withBias(input, constant, format, graph) ??
    (constant.source && shiftByChannel(input, constant, format, graph)) ??
    alongChannels(node, constant, format, graph)
  );
};

/** Of anything else: the bias as a tensor of its own. */
function alongChannels(
  { feeds: [input, bias] }: FlatNode,
  constant: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized {
  const rank = graph.shape(input)?.length;
  if (!input || rank === undefined) return { refuse: 'what it adds its bias to is not known' };
  const at = format === 'channels_last' ? rank - 1 : 1;
  const shape = Array.from({ length: rank }, (_, axis) => (axis === at ? constant.shape[0]! : 1));
  const plan = constantPlan(constant, graph.numbers(bias), shape);
  return plan
    ? { make: { kind: 'Add', config: {}, inputs: [input, plan] } }
    : { refuse: 'its bias is kept in a way that cannot be read' };
}

const ONES = { kind: 'Ones', config: {} };

/** `x · scale + offset` by channel of an image: a depthwise convolution of one by one. */
export function scaleByChannel(
  input: FlatTensor,
  scale: Constant,
  format: DataFormat,
  offset?: Constant,
): Recognized | undefined {
  const channels = scale.shape[0] ?? 0;
  const kernel = reshape(scale, [1, 1, channels, 1]);
  if (!kernel) return undefined;
  const config = { kernel_size: [1, 1], data_format: format, use_bias: offset !== undefined };
  const weights: Weights = offset ? { kernel, bias: offset } : { kernel };
  return { make: { kind: 'DepthwiseConv2D', config, inputs: [input], weights } };
}

/** `x + offset` by channel of an image. */
export function shiftByChannel(
  input: FlatTensor,
  offset: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized | undefined {
  if (graph.shape(input)?.length !== 4) return undefined;
  const ones: Constant = {
    dtype: 'float32',
    shape: offset.shape,
    source: { from: 'initializer', initializer: ONES, seed: 0 },
  };
  return scaleByChannel(input, ones, format, offset);
}

export const convolutions: Readonly<Record<string, Recognize>> = {
  Conv2D: convolve(false),
  _FusedConv2D: convolve(false),
  DepthwiseConv2dNative: convolve(true),
  _FusedDepthwiseConv2dNative: convolve(true),
  FusedDepthwiseConv2dNative: convolve(true),
  BatchToSpaceND: dilated,
  MatMul: multiply,
  _FusedMatMul: multiply,
  BatchMatMul: multiply,
  BatchMatMulV2: multiply,
  BatchMatMulV3: multiply,
  BiasAdd: addBias,
};

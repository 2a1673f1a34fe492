import type { Shape } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { axesToSqueeze, expanded, squeezed } from '../constants';
import type { GraphSoFar, LayerPlan, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { flagOf, numberOf, textOf } from '../graphDef';
import { dataFormatOf } from './space';

/** The same numbers of each sample under another shape; the batch must stay what it is. */
function reshapeTo(input: FlatTensor, from: Shape, to: Shape): Recognized {
  const [batch, ...sample] = from;
  const [first, ...target] = to;
  const size = product(sample);
  const wanted = product(target.map((one) => (one === -1 ? 1 : one)));
  const keepsBatch = first === null || first === -1 || first === batch;
  const unknown = target.filter((one) => one === -1 || one === null).length;
  const fits = unknown === 0 ? size === wanted : unknown === 1 && first !== -1;
  if (from.length === 0 || to.length === 0 || !keepsBatch || !fits) return reshapeAll(input, to);
  if (target.length === 1 && sample.length === 1) return { pass: input };
  const sizes = target.map((one) => one ?? -1);
  const flat = target.length === 1;
  return {
    make: flat
      ? { kind: 'Flatten', config: {}, inputs: [input] }
      : { kind: 'Reshape', config: { target_shape: sizes }, inputs: [input] },
  };
}

/** Where samples are mixed, or there are none: every axis is one like the others. */
function reshapeAll(input: FlatTensor, to: Shape): Recognized {
  const unknown = to.filter((size) => size === null || size === -1).length;
  if (unknown > 1) return { refuse: t('the shape that it gives is computed') };
  return {
    make: { kind: 'TensorReshape', config: { shape: to.map((size) => size ?? -1) }, inputs: [input] },
  };
}

const product = (sizes: Shape): number | null =>
  sizes.reduce<number | null>((total, size) => (total === null || size === null ? null : total * size), 1);

const reshape: Recognize = (node, graph): Recognized => {
  const [input, target] = node.feeds;
  const to = graph.value(target)?.numbers;
  const dense = to && denseOverLast(node, to, graph);
  if (dense) return dense;
  const from = graph.shape(input);
  if (!input || !from || !to) return { refuse: t('the shape that it gives is computed') };
  return reshapeTo(input, from, to);
};

/**
 * `tf.tensordot` of a tensor of several axes and a matrix, as Keras writes a Dense on sequences and images: the axes but
 * the last are made one, multiplied, and made several again.
 */
function denseOverLast({ feeds: [product] }: FlatNode, to: Shape, graph: GraphSoFar): Recognized | undefined {
  const inner = product?.node.op === 'MatMul' ? product.node.feeds[0]?.node : undefined;
  const kernel = graph.constant(product?.node.feeds[1]);
  const transposes = product && (flagOf(product.node, 'transpose_a') || flagOf(product.node, 'transpose_b'));
  if (inner?.op !== 'Reshape' || kernel?.shape.length !== 2 || transposes === true) return undefined;
  const moved = inner.feeds[0];
  const order = moved?.node.op === 'Transpose' ? graph.numbers(moved.node.feeds[1]) : undefined;
  const keepsOrder = order?.every((axis, index) => axis === index) === true;
  const input = keepsOrder ? moved?.node.feeds[0] : moved;
  const from = graph.shape(input);
  const [features, units] = kernel.shape;
  const matrix = graph.value(inner.feeds[1])?.numbers;
  const fits =
    from?.at(-1) === features &&
    from?.length === to.length &&
    from.every((size, axis) => axis === 0 || axis === to.length - 1 || size === to[axis]) &&
    to.at(-1) === units &&
    matrix?.length === 2 &&
    matrix[1] === features;
  if (!input || !fits || from.length < 3) return undefined;
  return {
    make: { kind: 'Dense', config: { units, use_bias: false }, inputs: [input], weights: { kernel } },
  };
}

const POOLED = /^Global(Max|Average)Pooling[12]D$/;

const squeeze: Recognize = (node, graph): Recognized => {
  const [input] = node.feeds;
  const from = graph.shape(input);
  const to = from && squeezed(from, axesToSqueeze(node));
  if (!input || !from || !to) return { refuse: t('the axes that it drops are not known to be of one') };
  if (to.length > 0 && to.length === from.length) return { pass: input };
  const draft = graph.alone(input);
  if (draft && POOLED.test(draft.kind) && draft.config.keepdims === true && to.length === 2) {
    return { change: draft, config: { ...draft.config, keepdims: false } };
  }
  const dropped = axesToSqueeze(node).map((axis) => (axis < 0 ? axis + from.length : axis));
  const named = dropped.length > 0 ? dropped : from.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return named.includes(0) || from[0] === 1
    ? { make: { kind: 'Squeeze', config: { axis: named }, inputs: [input] } }
    : reshapeTo(input, from, to);
};

const expand: Recognize = (node, graph): Recognized => {
  const [input, axis] = node.feeds;
  const from = graph.shape(input);
  const to = from && expanded(from, graph.numbers(axis)?.[0]);
  const [at] = graph.numbers(axis) ?? [];
  if (!input || !from || !to || at === undefined) return { refuse: t('the axis that it adds is not known') };
  return from.length < 2 || at === 0 || at === -from.length - 1
    ? { make: { kind: 'ExpandDims', config: { axis: at }, inputs: [input] } }
    : reshapeTo(input, from, to);
};

const transpose: Recognize = (node, graph): Recognized => {
  const [input, order] = node.feeds;
  const axes = graph.numbers(order);
  const [batch, ...dims] = axes ?? [];
  if (!input || !axes) return { refuse: t('the order that it brings axes into is computed') };
  if (axes.every((axis, at) => axis === at)) return { pass: input };
  if (batch !== 0) return { make: { kind: 'Transpose', config: { axes }, inputs: [input] } };
  return { make: { kind: 'Permute', config: { dims }, inputs: [input] } };
};

const pad: Recognize = (node, graph): Recognized => {
  const [input, margins, filling] = node.feeds;
  const numbers = graph.numbers(margins);
  const value = filling ? graph.numbers(filling)?.[0] : 0;
  if (!input || !numbers || numbers.length % 2 !== 0 || value === undefined)
    return { refuse: t('how much it pads is computed') };
  const pairs = Array.from({ length: numbers.length / 2 }, (_, axis) =>
    numbers.slice(2 * axis, 2 * axis + 2),
  );
  const isNone = (axis: number) => pairs[axis]!.every((margin) => margin === 0);
  if (pairs.every((_, axis) => isNone(axis))) return { pass: input };
  const isImage = node.op !== 'MirrorPad' && value === 0 && pairs.length === 4 && isNone(0);
  if (isImage && isNone(3)) return { make: zeros(input, [pairs[1]!, pairs[2]!], 'channels_last') };
  if (isImage && isNone(1)) return { make: zeros(input, [pairs[2]!, pairs[3]!], 'channels_first') };
  const mode = node.op === 'MirrorPad' ? textOf(node, 'mode')?.toLowerCase() : 'constant';
  const config = { pad_width: pairs, mode, constant_values: value };
  return { make: { kind: 'Pad', config, inputs: [input] } };
};

const zeros = (input: FlatTensor, padding: readonly (readonly number[])[], format: string): LayerPlan => ({
  kind: 'ZeroPadding2D',
  config: { padding, data_format: format },
  inputs: [input],
});

/** Pixels in blocks to channels, and back: three steps whose order of numbers is TensorFlow's. */
const blocks =
  (toDepth: boolean): Recognize =>
  (node, graph): Recognized => {
    const [input] = node.feeds;
    const size = numberOf(node, 'block_size') ?? 0;
    const [, height, width, channels, ...more] = graph.shape(input) ?? [];
    const known = typeof height === 'number' && typeof width === 'number' && typeof channels === 'number';
    if (!input || !known || more.length > 0 || size < 1 || dataFormatOf(node) !== 'channels_last')
      return { refuse: t('the size of its image is not known, or its channels come first') };
    const [rows, columns] = [height / size, width / size];
    const [apart, dims, whole] = toDepth
      ? [
          [rows, size, columns, size, channels],
          [1, 3, 2, 4, 5],
          [rows, columns, size * size * channels],
        ]
      : [
          [height, width, size, size, channels / (size * size)],
          [1, 3, 2, 4, 5],
          [height * size, width * size, channels / (size * size)],
        ];
    const parts: LayerPlan = {
      kind: 'Reshape',
      config: { target_shape: apart },
      inputs: [input],
      as: 'blocks',
    };
    const turned: LayerPlan = { kind: 'Permute', config: { dims }, inputs: [parts], as: 'turned' };
    return { make: { kind: 'Reshape', config: { target_shape: whole }, inputs: [turned] } };
  };

const concatenate: Recognize = (node, graph): Recognized => {
  const inputs = node.feeds.slice(0, -1);
  const [axis] = graph.numbers(node.feeds.at(-1)) ?? [];
  if (axis === undefined || axis === 0) return { refuse: t('it joins along the batch') };
  return { make: { kind: 'Concatenate', config: { axis }, inputs } };
};

export const reshapings: Readonly<Record<string, Recognize>> = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expand,
  Transpose: transpose,
  Pad: pad,
  PadV2: pad,
  ConcatV2: concatenate,
  MirrorPad: pad,
  SpaceToDepth: blocks(true),
  DepthToSpace: blocks(false),
};

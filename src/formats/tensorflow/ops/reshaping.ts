import type { Shape } from '../../../core/graph/layerGraph';
import { axesToSqueeze, castKeepsValues, expanded, squeezed } from '../constants';
import type { GraphSoFar, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { flagOf, numberOf } from '../graphDef';

/** Sizes as a graph computes them: from constants and from shapes; `null` is one known when data arrives. */
function sizesIn(tensor: FlatTensor | undefined, graph: GraphSoFar): Shape | undefined {
  const numbers = graph.numbers(tensor);
  if (numbers || !tensor) return numbers;
  const { op, feeds } = tensor.node;
  switch (op) {
    case 'Shape':
      return graph.shape(feeds[0]);
    case 'Pack': {
      const parts = feeds.map((feed) => sizesIn(feed, graph));
      return parts.every((part) => part?.length === 1) ? parts.flatMap((part) => part ?? []) : undefined;
    }
    case 'ConcatV2': {
      const parts = feeds.slice(0, -1).map((feed) => sizesIn(feed, graph));
      return parts.every((part) => part !== undefined) ? parts.flatMap((part) => part ?? []) : undefined;
    }
    case 'GatherV2': {
      const [sizes, places, axis] = [
        sizesIn(feeds[0], graph),
        graph.numbers(feeds[1]),
        graph.numbers(feeds[2]),
      ];
      const picked = axis?.[0] === 0 ? places?.map((place) => sizes?.[place]) : undefined;
      return picked?.every((size) => size !== undefined) ? picked : undefined;
    }
    case 'Prod': {
      const sizes = sizesIn(feeds[0], graph);
      return sizes && [product(sizes)];
    }
    case 'StridedSlice': {
      const sizes = sizesIn(feeds[0], graph);
      const [[begin], [end], [step]] = feeds.slice(1).map((feed) => graph.numbers(feed) ?? []);
      if (!sizes || begin === undefined || end === undefined || step !== 1) return undefined;
      const masked = ['begin_mask', 'new_axis_mask', 'ellipsis_mask'].some(
        (key) => (numberOf(tensor.node, key) ?? 0) !== 0,
      );
      if (masked) return undefined;
      if (numberOf(tensor.node, 'shrink_axis_mask') === 1) return sizes.slice(begin).slice(0, 1);
      return numberOf(tensor.node, 'end_mask') === 1 ? sizes.slice(begin) : sizes.slice(begin, end);
    }
    default:
      return undefined;
  }
}

/** The same numbers of each sample under another shape; the batch must stay what it is. */
function reshapeTo(input: FlatTensor, from: Shape, to: Shape): Recognized {
  const [batch, ...sample] = from;
  const [first, ...target] = to;
  const size = product(sample);
  const wanted = product(target.map((one) => (one === -1 ? 1 : one)));
  const keepsBatch = first === null || first === -1 || first === batch;
  const unknown = target.filter((one) => one === -1 || one === null).length;
  const fits = unknown === 0 ? size === wanted : unknown === 1 && first !== -1;
  if (from.length === 0 || to.length === 0 || !keepsBatch || !fits) {
    return { refuse: 'it may mix samples of the batch' };
  }
  if (target.length === 1 && sample.length === 1) return { pass: input };
  const sizes = target.map((one) => one ?? -1);
  const flat = target.length === 1;
  return {
    make: flat
      ? { kind: 'Flatten', config: {}, inputs: [input] }
      : { kind: 'Reshape', config: { target_shape: sizes }, inputs: [input] },
  };
}

const product = (sizes: Shape): number | null =>
  sizes.reduce<number | null>((total, size) => (total === null || size === null ? null : total * size), 1);

const reshape: Recognize = (node, graph): Recognized => {
  const [input, target] = node.feeds;
  const to = sizesIn(target, graph);
  const dense = to && denseOverLast(node, to, graph);
  if (dense) return dense;
  const from = graph.shape(input);
  if (!input || !from || !to) return { refuse: 'the shape that it gives is computed' };
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
  const order = moved?.node.op === 'Transpose' ? sizesIn(moved.node.feeds[1], graph) : undefined;
  const keepsOrder = order?.every((axis, index) => axis === index) === true;
  const input = keepsOrder ? moved?.node.feeds[0] : moved;
  const from = graph.shape(input);
  const [features, units] = kernel.shape;
  const matrix = sizesIn(inner.feeds[1], graph);
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
  if (!input || !from || !to) return { refuse: 'the axes that it drops are not known to be of one' };
  if (to.length > 0 && to.length === from.length) return { pass: input };
  const draft = graph.alone(input);
  if (draft && POOLED.test(draft.kind) && draft.config.keepdims === true && to.length === 2) {
    return { change: draft, config: { ...draft.config, keepdims: false } };
  }
  return axesToSqueeze(node).length === 0 || to[0] !== from[0]
    ? { refuse: 'it may drop the batch' }
    : reshapeTo(input, from, to);
};

const expand: Recognize = (node, graph): Recognized => {
  const [input, axis] = node.feeds;
  const from = graph.shape(input);
  const to = from && expanded(from, graph.numbers(axis)?.[0]);
  if (!input || !from || !to || graph.numbers(axis)?.[0] === 0)
    return { refuse: 'it adds an axis before the batch' };
  return reshapeTo(input, from, to);
};

const transpose: Recognize = (node, graph): Recognized => {
  const [input, order] = node.feeds;
  const [batch, ...dims] = graph.numbers(order) ?? [];
  if (!input || batch !== 0) return { refuse: 'it moves the batch to another axis' };
  return { make: { kind: 'Permute', config: { dims }, inputs: [input] } };
};

const pad: Recognize = (node, graph): Recognized => {
  const [input, margins, filling] = node.feeds;
  const numbers = graph.numbers(margins);
  const value = filling ? graph.numbers(filling)?.[0] : 0;
  if (!input || numbers?.length !== 8 || value !== 0)
    return { refuse: 'it pads other than an image with zeros' };
  const pairs = [0, 1, 2, 3].map((axis) => numbers.slice(2 * axis, 2 * axis + 2));
  const isNone = (axis: number) => pairs[axis]!.every((margin) => margin === 0);
  if (!isNone(0)) return { refuse: 'it pads the batch' };
  const last = isNone(3) ? 'channels_last' : 'channels_first';
  if (last === 'channels_first' && !isNone(1)) return { refuse: 'it pads the channels too' };
  const padding = last === 'channels_last' ? [pairs[1], pairs[2]] : [pairs[2], pairs[3]];
  return { make: { kind: 'ZeroPadding2D', config: { padding, data_format: last }, inputs: [input] } };
};

const concatenate: Recognize = (node, graph): Recognized => {
  const inputs = node.feeds.slice(0, -1);
  const [axis] = graph.numbers(node.feeds.at(-1)) ?? [];
  if (axis === undefined || axis === 0) return { refuse: 'it joins along the batch' };
  if (inputs.some((input) => graph.constant(input))) return { refuse: 'it joins a constant' };
  return { make: { kind: 'Concatenate', config: { axis }, inputs } };
};

const cast: Recognize = (node): Recognized => {
  const [input] = node.feeds;
  const from = node.attributes.get('SrcT')?.type ?? 0;
  const keeps = castKeepsValues(node, from === 0 ? undefined : 'float32') && !flagOf(node, 'Truncate');
  return input && keeps ? { pass: input } : { refuse: 'it rounds to whole numbers' };
};

export const reshapings: Readonly<Record<string, Recognize>> = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expand,
  Transpose: transpose,
  Pad: pad,
  PadV2: pad,
  ConcatV2: concatenate,
  Cast: cast,
};

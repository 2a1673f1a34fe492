import type { Stretch } from '../../../core/layers/tensorShaping';
import { t } from '../../../l10n/translate';
import { MAX_PARTS } from '../bounds';
import { constantPlan } from '../constantLayers';
import type { GraphSoFar, LayerPlan, PlanInput, Recognize, Recognized } from '../draft';
import type { FlatTensor } from '../flatGraph';
import { numberOf } from '../graphDef';
import { stretchesOf } from '../stridedSlice';

const axisFrom = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

const stridedSlice: Recognize = (node, graph) => {
  const [input] = node.feeds;
  const rank = graph.shape(input)?.length;
  const strided = rank === undefined ? undefined : stretchesOf(node, rank, (feed) => graph.value(feed));
  if (!input || !strided) return { refuse: t('what it takes is computed') };
  if (isWhole(strided.key) && strided.added.length === 0) return { pass: input };
  const taken: LayerPlan = { kind: 'GetItem', config: { key: strided.key }, inputs: [input], as: 'slice' };
  // Axes are added from the front, each at its place among those that are left.
  const made = strided.added.reduce<LayerPlan>(
    (plan, axis) => ({ kind: 'ExpandDims', config: { axis }, inputs: [plan], as: `axis${axis}` }),
    taken,
  );
  return { make: made };
};

const isWhole = (key: readonly (number | Stretch)[]): boolean =>
  key.every((one) => typeof one !== 'number' && one.start === null && one.stop === null && one.step === 1);

const slice: Recognize = (node, graph) => {
  const [input, begin, size] = node.feeds;
  const [from, count] = [graph.numbers(begin), graph.value(size)?.numbers];
  if (!input || !from || count?.length !== from.length) return { refuse: t('what it takes is computed') };
  if (count.some((one, axis) => one === null && from[axis] !== 0))
    return { refuse: t('what it takes is computed') };
  const key = from.map((start, axis): Stretch => {
    const length = count[axis] ?? -1;
    return { start: start === 0 ? null : start, stop: length < 0 ? null : start + length, step: 1 };
  });
  return isWhole(key) ? { pass: input } : { make: { kind: 'GetItem', config: { key }, inputs: [input] } };
};

/** Places that are known of a tensor; or rows of a table that is known, by numbers of the data. */
const gather: Recognize = (node, graph) => {
  const [input, indices, along] = node.feeds;
  const rank = graph.shape(input)?.length;
  const axis = along ? graph.numbers(along)?.[0] : 0;
  if (!input || !indices || axis === undefined || (numberOf(node, 'batch_dims') ?? 0) !== 0) {
    return { refuse: t('the axis that it takes from is computed, or goes with the batch') };
  }
  const places = graph.numbers(indices);
  const shape = graph.constant(indices)?.shape;
  if (places && shape && shape.length < 2 && rank !== undefined) {
    const at = axisFrom(axis, rank);
    const [place] = places;
    const key = [...new Array<Stretch>(at).fill({ start: null, stop: null, step: null }), place];
    return shape.length === 0
      ? { make: { kind: 'GetItem', config: { key }, inputs: [input] } }
      : { make: { kind: 'Take', config: { indices: places, axis: at }, inputs: [input] } };
  }
  const table = graph.constant(input);
  if (!table?.source || table.shape.length !== 2 || axis !== 0)
    return { refuse: t('the places that it takes are computed') };
  const [rows, features] = table.shape;
  const config = { input_dim: rows, output_dim: features };
  return { make: { kind: 'Embedding', config, inputs: [indices], weights: { embeddings: table } } };
};

const split =
  (axisAt: number, inputAt: number): Recognize =>
  (node, graph) => {
    const input = node.feeds[inputAt];
    const shape = graph.shape(input);
    const along = graph.numbers(node.feeds[axisAt])?.[0];
    if (!input || !shape || along === undefined) return { refuse: t('the axis that it splits is not known') };
    const axis = axisFrom(along, shape.length);
    const size = shape[axis] ?? null;
    const given = node.op === 'SplitV' ? graph.numbers(node.feeds[1]) : undefined;
    const count = numberOf(node, 'num_split') ?? 1;
    const known = (given ?? []).reduce((sum, one) => sum + Math.max(0, one), 0);
    const sizes = given
      ? given.map((one) => (one === -1 ? (size ?? 0) - known : one))
      : new Array<number>(Math.min(count, MAX_PARTS)).fill((size ?? 0) / count);
    if (size === null || count > MAX_PARTS) return { refuse: t('the size that it splits is not known') };
    return { make: { kind: 'Split', config: { sizes, axis }, inputs: [input] } };
  };

const unpack: Recognize = (node, graph) => {
  const [input] = node.feeds;
  const rank = graph.shape(input)?.length;
  const num = numberOf(node, 'num') ?? 0;
  if (!input || rank === undefined || num > MAX_PARTS)
    return { refuse: t('the axis that it takes apart is not known') };
  return {
    make: {
      kind: 'Unstack',
      config: { num, axis: axisFrom(numberOf(node, 'axis') ?? 0, rank) },
      inputs: [input],
    },
  };
};

const pack: Recognize = (node) => ({
  make: { kind: 'Stack', config: { axis: numberOf(node, 'axis') ?? 0 }, inputs: node.feeds },
});

/**
 * A constant repeated for each sample of the data, as class tokens are: its batch is the size that only data tells.
 */
function forEachSample(constant: FlatTensor, sizes: FlatTensor, graph: GraphSoFar): LayerPlan | undefined {
  const known = graph.constant(constant);
  const samples = graph.value(sizes)?.samples;
  if (!known || !samples || graph.shape(samples)?.[0] !== null) return undefined;
  const shape = graph
    .value(sizes)!
    .numbers.map((_, axis, all) => known.shape[axis - all.length + known.shape.length] ?? 1);
  return shape[0] === 1 ? constantPlan(known, graph.numbers(constant), shape, samples) : undefined;
}

function tiled(input: PlanInput, repeats: readonly number[]): Recognized {
  if (repeats.every((times) => times === 1)) return 'kind' in input ? { make: input } : { pass: input };
  return { make: { kind: 'Tile', config: { repeats }, inputs: [input] } };
}

const tile: Recognize = (node, graph) => {
  const [input, multiples] = node.feeds;
  const times = graph.value(multiples)?.numbers;
  if (!input || !multiples || !times) return { refuse: t('how often it repeats is computed') };
  const [batch, ...rest] = times;
  const known = rest.filter((one) => one !== null);
  if (known.length < rest.length) return { refuse: t('how often it repeats is computed') };
  if (typeof batch === 'number') return tiled(input, [batch, ...known]);
  const repeated = forEachSample(input, multiples, graph);
  return repeated ? tiled(repeated, [1, ...known]) : { refuse: t('it repeats samples') };
};

const broadcastTo: Recognize = (node, graph) => {
  const [input, sizes] = node.feeds;
  const [from, to] = [graph.shape(input), graph.value(sizes)?.numbers];
  if (!input || !sizes || !from || !to) return { refuse: t('the shape that it gives is computed') };
  const padded = [...new Array<number>(Math.max(0, to.length - from.length)).fill(1), ...from];
  const repeats = to.map((size, axis) => (size === padded[axis] ? 1 : padded[axis] === 1 ? size : null));
  const [batch, ...rest] = repeats;
  const known = rest.filter((one) => one !== null);
  if (known.length < rest.length) return { refuse: t('the shape that it gives is computed') };
  if (typeof batch === 'number' && padded.length === from.length) return tiled(input, [batch, ...known]);
  const repeated = batch === null ? forEachSample(input, sizes, graph) : undefined;
  return repeated ? tiled(repeated, [1, ...known]) : { refuse: t('it repeats samples') };
};

const fill: Recognize = (node, graph) => {
  const [sizes, value] = node.feeds;
  const to = graph.value(sizes);
  const [number, ...more] = graph.numbers(value) ?? [];
  if (!to || number === undefined || more.length > 0) return { refuse: t('what it gives is computed') };
  const [batch, ...rest] = to.numbers;
  const known = rest.filter((one) => one !== null);
  const samples = batch === null ? to.samples : undefined;
  if (
    known.length < rest.length ||
    typeof batch === 'number' ||
    !samples ||
    graph.shape(samples)?.[0] !== null
  ) {
    return { refuse: t('the shape that it gives is computed') };
  }
  return { make: filled([1, ...known], number, samples) };
};

function filled(shape: readonly number[], value: number, samples: FlatTensor): LayerPlan {
  const source = {
    from: 'initializer',
    initializer: { kind: 'Constant', config: { value } },
    seed: 0,
  } as const;
  const weights = { value: { dtype: 'float32', shape, source } } as const;
  return { kind: 'Constant', config: { shape }, inputs: [samples], weights };
}

export const slicings: Readonly<Record<string, Recognize>> = {
  StridedSlice: stridedSlice,
  Slice: slice,
  GatherV2: gather,
  Gather: gather,
  ResourceGather: gather,
  Split: split(0, 1),
  SplitV: split(2, 0),
  Unpack: unpack,
  Pack: pack,
  Tile: tile,
  BroadcastTo: broadcastTo,
  Fill: fill,
};

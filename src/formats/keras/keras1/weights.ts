import type { Layer, Rearrangement } from '../../../core/graph/layerGraph';
import { directionsOf, type BidirectionalConfig, type InnerLayer } from '../../../core/layers/wrapping';
import type { StoredWeight, WeightGroup } from '../attachWeights';
import type { KerasGraph } from '../readGraph';

/** Hands out a group's weights in the file's order. */
type Take = () => StoredWeight;

interface NamedWeight {
  readonly name: string;
  readonly stored: Omit<StoredWeight, 'path'>;
}

/** The file has fewer weights than its layers had. */
class Exhausted extends Error {}

/** Gates in the order that Keras 1 kept them, each with the rank it has today. */
const GATES: Readonly<Record<string, readonly number[]>> = {
  // Input, candidate, forget, output were four; today the forget gate is the second.
  LSTM: [0, 2, 1, 3],
  ConvLSTM2D: [0, 2, 1, 3],
  GRU: [0, 1, 2],
};

/**
 * The weights of a file of Keras 1 as today's layers have them: by today's names, kernels with their axes in today's
 * order, the gates of recurrent layers joined. Keras 1 named weights differently by version and backend, so they are
 * known by their order alone: of a layer what trains, then its statistics. Source: `preprocess_weights_for_loading` of
 * Keras 2, which says what had changed.
 */
export function currentWeights(
  { graph, paths }: KerasGraph,
  groups: readonly WeightGroup[],
): readonly WeightGroup[] {
  const pathOf = (layer: Layer) => paths.get(layer.id) ?? [layer.name];
  const outermost = groupBy(graph.layers, (layer) => pathOf(layer)[0]!);
  const byName = groupBy(graph.layers, (layer) => pathOf(layer).at(-1)!);
  const converted = new Map<string, StoredWeight[]>();
  for (const group of groups) {
    // The branches that a Sequential merges are listed layer by layer.
    const owners = outermost.get(group.layer ?? '') ?? byName.get(group.layer ?? '') ?? [];
    const owner = owners[0] ? pathOf(owners[0])[0]! : (group.layer ?? '');
    const list = converted.get(owner) ?? [];
    list.push(...(convertGroup(owners, pathOf, group.weights) ?? group.weights));
    converted.set(owner, list);
  }
  return [...converted].map(([layer, weights]) => ({ layer, weights }));
}

function groupBy(layers: readonly Layer[], key: (layer: Layer) => string): ReadonlyMap<string, Layer[]> {
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    const group = groups.get(key(layer));
    if (group) group.push(layer);
    else groups.set(key(layer), [layer]);
  }
  return groups;
}

/** Nothing where the file has not what the layers had. */
function convertGroup(
  owners: readonly Layer[],
  pathOf: (layer: Layer) => readonly string[],
  stored: readonly StoredWeight[],
): readonly StoredWeight[] | undefined {
  let next = 0;
  const take = (): StoredWeight => {
    const weight = stored[next++];
    if (!weight) throw new Exhausted();
    return weight;
  };
  const peek = () => stored[next];
  const found: StoredWeight[] = [];
  const keep = (layer: Layer, weights: readonly NamedWeight[]) => {
    for (const { name, stored: weight } of weights)
      found.push({ ...weight, path: [...pathOf(layer), name].join('/') });
  };
  const training = owners.filter((layer) => layer.trainable);
  const frozen = owners.filter((layer) => !layer.trainable);
  try {
    for (const layer of training) keep(layer, parametersOf(layer, take, peek));
    for (const layer of owners) {
      if (frozen.includes(layer)) keep(layer, parametersOf(layer, take, peek));
      keep(layer, statisticsOf(layer, take));
    }
  } catch (cause) {
    if (!(cause instanceof Exhausted)) throw cause;
    return undefined;
  }
  return [...found, ...stored.slice(next)];
}

function statisticsOf({ kind, opaque }: Layer, take: Take): readonly NamedWeight[] {
  if (kind !== 'BatchNormalization' || opaque !== undefined) return [];
  // What was called running_std holds the variance.
  return ['moving_mean', 'moving_variance'].map((name) => ({ name, stored: take() }));
}

type Peek = () => StoredWeight | undefined;

function parametersOf(layer: InnerLayer & Pick<Layer, 'opaque'>, take: Take, peek: Peek): NamedWeight[] {
  if (layer.opaque !== undefined) return [];
  const { kind, config } = layer;
  const bias = (): NamedWeight[] => (config.use_bias === false ? [] : [{ name: 'bias', stored: take() }]);
  const kernel = (name: string, turn: (weight: StoredWeight) => NamedWeight['stored']): NamedWeight => ({
    name,
    stored: turn(take()),
  });
  const first = config.data_format === 'channels_first';
  switch (kind) {
    case 'Dense':
      return [kernel('kernel', (weight) => weight), ...bias()];
    case 'Embedding':
      return [kernel('embeddings', (weight) => weight)];
    case 'PReLU':
      return [kernel('alpha', (weight) => weight)];
    case 'Conv1D':
      return [kernel('kernel', (weight) => stepKernel(weight, config)), ...bias()];
    case 'Conv2D':
    case 'Conv3D':
      return [kernel('kernel', (weight) => (first ? outputsLast(weight) : weight)), ...bias()];
    case 'Conv2DTranspose':
      return [kernel('kernel', (weight) => reorder(weight, first ? [2, 3, 0, 1] : [0, 1, 3, 2])), ...bias()];
    case 'SeparableConv2D': {
      const turn = (weight: StoredWeight) => (first ? outputsLast(weight) : weight);
      return [kernel('depthwise_kernel', turn), kernel('pointwise_kernel', turn), ...bias()];
    }
    case 'BatchNormalization':
      return [
        ...(config.scale === false ? [] : [kernel('gamma', (weight) => weight)]),
        ...(config.center === false ? [] : [kernel('beta', (weight) => weight)]),
      ];
    case 'SimpleRNN':
    case 'LSTM':
    case 'GRU':
    case 'ConvLSTM2D':
      return recurrent(
        kind,
        kind === 'ConvLSTM2D' && first,
        Number(config.units ?? config.filters),
        take,
        peek,
      );
    case 'TimeDistributed':
      return lead('layer', parametersOf(config.layer as InnerLayer, take, peek));
    case 'Bidirectional': {
      const [forward, backward] = directionsOf(config as unknown as BidirectionalConfig);
      return [
        ...lead('forward_layer', parametersOf(forward, take, peek)),
        ...lead('backward_layer', parametersOf(backward, take, peek)),
      ];
    }
    default:
      return [];
  }
}

const lead = (place: string, weights: readonly NamedWeight[]): NamedWeight[] =>
  weights.map((weight) => ({ ...weight, name: `${place}/${weight.name}` }));

/** Gate by gate, or (where Keras 1 was told to be quick on a GPU) joined as they are today. */
function recurrent(
  kind: string,
  outputsFirst: boolean,
  units: number,
  take: Take,
  peek: Peek,
): NamedWeight[] {
  const names = ['kernel', 'recurrent_kernel', 'bias'];
  const width = outputsFirst ? peek()?.shape[0] : peek()?.shape.at(-1);
  const order = GATES[kind];
  if (!order || width !== units) return names.map((name) => ({ name, stored: take() }));
  const gates = order.map(() => names.map(() => take()));
  return names.map((name, which) => {
    const ranked = order.map((rank) => {
      const weight = gates[rank]![which]!;
      return outputsFirst && name !== 'bias' ? outputsLast(weight) : weight;
    });
    const last = ranked.reduce((sum, { shape }) => sum + (shape.at(-1) ?? 0), 0);
    return {
      name,
      stored: made(ranked, { kind: 'joined' }, [...(ranked[0]?.shape ?? []).slice(0, -1), last]),
    };
  });
}

/** Theano's order of axes, outputs and inputs first. */
function outputsLast(weight: StoredWeight): NamedWeight['stored'] {
  const space = weight.shape.slice(2).map((_, axis) => axis + 2);
  return reorder(weight, [...space, 1, 0]);
}

/** Keras 1.2 slid images of one column, `[length, 1, in, out]`, before that `[out, in, length, 1]`. */
function stepKernel(
  weight: StoredWeight,
  { kernel_size: size, filters }: Layer['config'],
): NamedWeight['stored'] {
  const [length] = Array.isArray(size) ? (size as number[]) : [];
  const { shape } = weight;
  const isCurrent = shape[0] === length && shape[1] === 1 && shape[3] === filters;
  const turned = isCurrent ? reorder(weight, [0, 1, 2, 3]) : reorder(weight, [2, 3, 1, 0]);
  return { ...turned, shape: turned.shape.filter((_, axis) => axis !== 1) };
}

/** Left as it is where it has not that many axes, for its shape to be found wrong. */
function reorder(weight: StoredWeight, order: readonly number[]): NamedWeight['stored'] {
  if (weight.shape.length !== order.length) return weight;
  const shape = order.map((axis) => weight.shape[axis]!);
  return made([weight], { kind: 'axes', order, reversed: [] }, shape);
}

function made(
  parts: readonly NamedWeight['stored'][],
  how: Rearrangement,
  shape: readonly number[],
): NamedWeight['stored'] {
  const own = parts.map(({ shape: size, dtype, source }) => ({ shape: size, dtype, source }));
  return { shape, dtype: parts[0]?.dtype ?? 'float32', source: { from: 'rearranged', parts: own, how } };
}

import type { Layer, LayerGraph, LayerId, TensorRef, WeightRef } from '../../core/graph/layerGraph';
import { tensorKey } from '../../core/graph/layerGraph';
import { inferShapes, shapeOf } from '../../core/graph/infer';
import { layersById } from '../../core/graph/lookup';
import type { BatchNormalizationConfig } from '../../core/layers/normalization';

/** A graph and its numbers, row-major, by layer name and weight. */
export interface Computable {
  readonly graph: LayerGraph;
  readonly weights: (layerName: string, weight: WeightRef) => Promise<Float32Array>;
}

/** A normalization and the layer before it that takes it in. */
interface Pair {
  readonly into: Layer;
  readonly normalization: Layer;
}

/**
 * Where the output channels of each kind's last product are in its kernel: the size of the axes after them. A kernel
 * that makes channel `c` of its output holds it at every index `i` with `floor(i / after) mod channels = c`.
 */
const KERNELS: Readonly<
  Record<string, { readonly weight: string; readonly after: (kernel: WeightRef) => number }>
> = {
  ...sameFor(['Conv1D', 'Conv2D', 'Conv3D', 'Dense', 'DepthwiseConv1D', 'DepthwiseConv2D'], 'kernel'),
  ...sameFor(['SeparableConv1D', 'SeparableConv2D'], 'pointwise_kernel'),
  // Transposed ones keep (…, out, in).
  ...Object.fromEntries(
    ['Conv1DTranspose', 'Conv2DTranspose', 'Conv3DTranspose'].map((kind) => [
      kind,
      { weight: 'kernel', after: ({ shape }: WeightRef) => shape.at(-1) ?? 1 },
    ]),
  ),
};

function sameFor(kinds: readonly string[], weight: string) {
  return Object.fromEntries(kinds.map((kind) => [kind, { weight, after: () => 1 }]));
}

/**
 * The same function in inference with fewer layers: a BatchNormalization that alone reads a convolution or a Dense layer
 * without an activation is multiplied into its kernel and bias, `y = s(Wx + b - m) + β` being `(sW)x + s(b - m) + β`
 * with `s = γ / √(v + ε)`. Outputs keep their order; what a normalization put out, the layer before it does. Outputs
 * differ by rounding alone.
 */
export function foldBatchNormalization(model: Computable): Computable {
  const pairs = pairsOf(model.graph);
  if (pairs.length === 0) return model;
  const taken = new Map(pairs.map((pair) => [pair.into.id, pair]));
  const replaced = new Map<LayerId, TensorRef>(
    pairs.map(({ into, normalization }) => [normalization.id, { layer: into.id, call: 0, output: 0 }]),
  );
  const follow = (tensor: TensorRef): TensorRef => replaced.get(tensor.layer) ?? tensor;
  const layers = model.graph.layers
    .filter(({ id }) => !replaced.has(id))
    .map((layer): Layer => {
      const calls = layer.calls.map(({ inputs }) => ({ inputs: inputs.map(follow) }));
      const pair = taken.get(layer.id);
      return pair ? { ...biased(pair), calls } : { ...layer, calls };
    });
  const byName = new Map(pairs.map((pair) => [pair.into.name, pair]));
  return {
    graph: { ...model.graph, layers, outputs: model.graph.outputs.map(follow) },
    weights: (layerName, weight) => {
      const pair = byName.get(layerName);
      return pair ? foldedWeight(model, pair, weight) : model.weights(layerName, weight);
    },
  };
}

function pairsOf(graph: LayerGraph): readonly Pair[] {
  const byId = layersById(graph);
  const readers = new Map<string, number>();
  const read = (tensor: TensorRef) =>
    readers.set(tensorKey(tensor), (readers.get(tensorKey(tensor)) ?? 0) + 1);
  for (const { calls } of graph.layers) for (const { inputs } of calls) inputs.forEach(read);
  graph.outputs.forEach(read);
  return graph.layers.flatMap((normalization) => {
    if (normalization.kind !== 'BatchNormalization' || normalization.calls.length !== 1) return [];
    const [input] = normalization.calls[0].inputs;
    const into = byId.get(input.layer);
    if (!into || into.calls.length !== 1 || readers.get(tensorKey(input)) !== 1) return [];
    return takesIn(into) && normalizesChannels(graph, normalization, input) ? [{ into, normalization }] : [];
  });
}

const takesIn = ({ kind, config }: Layer): boolean =>
  Object.hasOwn(KERNELS, kind) &&
  config.activation === 'linear' &&
  (config.data_format ?? 'channels_last') === 'channels_last';

function normalizesChannels(graph: LayerGraph, { config }: Layer, input: TensorRef): boolean {
  const { axis } = config as BatchNormalizationConfig;
  return axis === -1 || axis === (shapeOf(inferShapes(graph), input)?.length ?? 0) - 1;
}

/** The layer with a bias, whatever it had. */
function biased({ into, normalization }: Pair): Layer {
  if (into.weights.some(({ name }) => name === 'bias')) return into;
  const statistic = weightOf(normalization, 'moving_mean');
  const bias: WeightRef = { ...statistic, name: 'bias', role: 'parameter' };
  return { ...into, config: { ...into.config, use_bias: true }, weights: [...into.weights, bias] };
}

async function foldedWeight(
  model: Computable,
  { into, normalization }: Pair,
  weight: WeightRef,
): Promise<Float32Array> {
  const { weight: kernelName, after } = KERNELS[into.kind];
  if (weight.name !== 'bias' && weight.name !== kernelName) return model.weights(into.name, weight);
  const config = normalization.config as BatchNormalizationConfig;
  const read = (name: string) => model.weights(normalization.name, weightOf(normalization, name));
  const variance = await read('moving_variance');
  const gamma = config.scale ? await read('gamma') : undefined;
  const scale = Array.from(
    variance,
    (one, channel) => (gamma?.[channel] ?? 1) / Math.sqrt(one + config.epsilon),
  );
  if (weight.name === kernelName) {
    const kernel = await model.weights(into.name, weight);
    const step = after(weight);
    return kernel.map((value, index) => value * scale[Math.floor(index / step) % scale.length]);
  }
  const mean = await read('moving_mean');
  const beta = config.center ? await read('beta') : undefined;
  const own = into.weights.find(({ name }) => name === 'bias');
  const bias = own && (await model.weights(into.name, own));
  return Float32Array.from(
    scale,
    (one, channel) => one * ((bias?.[channel] ?? 0) - mean[channel]) + (beta?.[channel] ?? 0),
  );
}

function weightOf({ name: layer, weights }: Layer, name: string): WeightRef {
  const found = weights.find((weight) => weight.name === name);
  if (found) return found;
  throw new Error(`layer "${layer}" has no weight ${name}`);
}

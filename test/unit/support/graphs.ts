import type {
  Layer,
  LayerConfig,
  LayerGraph,
  Shape,
  TensorRef,
  WeightRef,
} from '../../../src/core/graph/layerGraph';

/** A hand-made layer; a bare string is its kind, and everything left out is made up from that. */
export interface LayerSketch {
  readonly kind: string;
  /** Keras's own counting where left out: `conv2d`, `conv2d_1`. */
  readonly name?: string;
  readonly config?: LayerConfig;
  /** Shapes by name; `moving_mean` and `moving_variance` are statistics. Their bytes are in no real file. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly trainable?: boolean;
  readonly group?: readonly string[];
  readonly opaque?: string;
}

/**
 * Layers added in topological order, each fed by tensors of earlier ones:
 *
 *     const build = new GraphBuilder();
 *     const x = build.input([null, 8, 8, 3]);
 *     const y = build.add('ReLU', x);
 *     const graph = build.outputs(build.add('Add', x, y));
 */
export class GraphBuilder {
  private readonly layers: Layer[] = [];
  private readonly inputs: TensorRef[] = [];

  constructor(private readonly name = 'model') {}

  input(shape: Shape, name?: string): TensorRef {
    const tensor = this.add({ kind: 'InputLayer', name, config: { batch_shape: shape, dtype: 'float32' } });
    this.inputs.push(tensor);
    return tensor;
  }

  /** Adds a layer called once, on these tensors in order. */
  add(sketch: string | LayerSketch, ...inputs: readonly TensorRef[]): TensorRef {
    const given = typeof sketch === 'string' ? { kind: sketch } : sketch;
    const name = given.name ?? this.freeName(given.kind);
    this.layers.push({
      id: `id:${name}`,
      name,
      kind: given.kind,
      config: given.config ?? {},
      calls: [{ inputs }],
      weights: weightsOf(name, given.weights ?? {}),
      trainable: given.trainable ?? true,
      group: given.group ?? [],
      ...(given.opaque === undefined ? {} : { opaque: given.opaque }),
    });
    return { layer: `id:${name}`, call: 0, output: 0 };
  }

  /** Uses a layer once more: a shared layer. */
  call(tensor: TensorRef, ...inputs: readonly TensorRef[]): TensorRef {
    const index = this.layers.findIndex((layer) => layer.id === tensor.layer);
    const layer = this.layers[index];
    if (!layer) throw new Error(`${tensor.layer} was not added by this builder`);
    this.layers[index] = { ...layer, calls: [...layer.calls, { inputs }] };
    return { layer: layer.id, call: layer.calls.length, output: 0 };
  }

  outputs(...outputs: readonly TensorRef[]): LayerGraph {
    return { name: this.name, layers: [...this.layers], inputs: [...this.inputs], outputs };
  }

  private freeName(kind: string): string {
    const stem = kind
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase();
    const taken = new Set(this.layers.map((layer) => layer.name));
    for (let count = 0; ; count++) {
      const name = count === 0 ? stem : `${stem}_${count}`;
      if (!taken.has(name)) return name;
    }
  }
}

/**
 * A graph without branches. The first link is the input: a shape, or an `InputLayer` sketch.
 *
 *     chain([null, 8, 8, 3], { kind: 'Conv2D', weights: { kernel: [3, 3, 3, 4], bias: [4] } }, 'ReLU', 'Flatten')
 */
export function chain(input: Shape, ...links: readonly (string | LayerSketch)[]): LayerGraph {
  const build = new GraphBuilder();
  return build.outputs(
    links.reduce<TensorRef>((tensor, link) => build.add(link, tensor), build.input(input)),
  );
}

function weightsOf(layer: string, shapes: Readonly<Record<string, readonly number[]>>): WeightRef[] {
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'float32',
    role: name.startsWith('moving_') ? 'statistic' : 'parameter',
    source: { from: 'dataset', path: 'model.h5', dataset: `${layer}/${name}` },
  }));
}

import { inferShapes } from '../../../src/core/graph/infer';
import type {
  Layer,
  LayerConfig,
  LayerGraph,
  Shape,
  TensorRef,
  WeightRef,
} from '../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../src/core/layers/config';
import { inputShapes } from '../../../src/core/surgery/materialize';
import { freeName } from '../../../src/core/surgery/names';

/** A hand-made layer; a bare string is its kind, and everything left out is made up from that. */
export interface LayerSketch {
  readonly kind: string;
  /** Keras's own counting where left out: `conv2d`, `conv2d_1`. */
  readonly name?: string;
  /** Brought to the kind's normal form where the catalogue knows the kind. */
  readonly config?: LayerConfig;
  /**
   * Shapes by name; `moving_mean` and `moving_variance` are statistics. What the kind calls for where left out. Their
   * bytes are in no real file.
   */
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
  /** Layers that get their kind's weights when the graph is done and its shapes are known. */
  private readonly unweighted = new Set<string>();

  constructor(private readonly name = 'model') {}

  input(shape: Shape, name?: string): TensorRef {
    const tensor = this.add({ kind: 'InputLayer', name, config: { batch_shape: shape, dtype: 'float32' } });
    this.inputs.push(tensor);
    return tensor;
  }

  /** Adds a layer called once, on these tensors in order. */
  add(sketch: string | LayerSketch, ...inputs: readonly TensorRef[]): TensorRef {
    const given = typeof sketch === 'string' ? { kind: sketch } : sketch;
    const name = given.name ?? freeName(given.kind, new Set(this.layers.map((layer) => layer.name)));
    const kind = given.opaque === undefined ? kindNamed(given.kind) : undefined;
    if (given.weights === undefined) this.unweighted.add(`id:${name}`);
    this.layers.push({
      id: `id:${name}`,
      name,
      kind: given.kind,
      config: kind ? normalizeConfig(kind, given.config, name) : (given.config ?? {}),
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
    const graph = { name: this.name, layers: [...this.layers], inputs: [...this.inputs], outputs };
    const inference = inferShapes(graph);
    const layers = graph.layers.map((layer): Layer => {
      const inputs = this.unweighted.has(layer.id) ? inputShapes(inference, layer) : undefined;
      const specs = inputs && kindNamed(layer.kind)?.weights(layer.config, inputs);
      if (!specs) return layer;
      const shapes = Object.fromEntries(specs.map((spec) => [spec.name, spec.shape]));
      return { ...layer, weights: weightsOf(layer.name, shapes) };
    });
    return { ...graph, layers };
  }
}

/**
 * A graph without branches. The first link is the input: a shape, or an `InputLayer` sketch.
 *
 *     chain([null, 8, 8, 3], { kind: 'Conv2D', config: { filters: 4, kernel_size: 3 } }, 'ReLU', 'Flatten')
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

import type { Fault } from '../../core/failure';
import type { Layer, LayerConfig, Shape, WeightRef } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { normalizeConfig } from '../../core/layers/config';
import { t } from '../../l10n/translate';
import { MAX_PATH_STEPS } from './bounds';
import { Unsupported } from './unsupported';
import { identityOrder, sameOrder, type AxisOrder, type Value } from './value';

/** What `GraphBuilder.add` makes a layer of. */
export interface NewLayer {
  readonly kind: string;
  readonly config?: LayerConfig;
  readonly inputs: readonly Value[];
  readonly weights?: readonly WeightRef[];
  /** Told apart from the node's own layer by this: `pad`. */
  readonly suffix?: string;
}

/** Layers as they come to be, node by node; what a node began can be taken back. */
export class GraphBuilder {
  private readonly layers: Layer[] = [];
  private readonly taken = new Set<string>();
  private readonly counts = new Map<string, number>();
  readonly report: Fault[] = [];
  /** The name of the node that layers are now made of. */
  private stem = '';

  get built(): readonly Layer[] {
    return this.layers;
  }

  begin(name: string): void {
    this.stem = name;
  }

  /** Undoes what was added since `mark` layers stood here. */
  rollBack(mark: number): void {
    for (const layer of this.layers.splice(mark)) this.taken.delete(layer.name);
  }

  /**
   * A layer of the catalogue; its output in the order of its first input.
   * @throws Failure for a configuration that the kind refuses, ShapeMismatch for inputs that it cannot take
   */
  add(layer: NewLayer): Value {
    const [first] = this.addAll(layer);
    if (!first) throw new Error(`a ${layer.kind} has no output`);
    return first;
  }

  /** The same, with every output of the layer. */
  addAll({ kind: kindName, config: raw = {}, inputs, weights = [], suffix }: NewLayer): readonly Value[] {
    const kind = kindNamed(kindName);
    if (!kind) throw new Unsupported(t('the layer kind {0} is not known', kindName));
    const config = normalizeConfig(kind, raw, this.stem);
    const shapes = inputs.map((input) => input.shape);
    const known = shapes.filter((shape): shape is Shape => shape !== undefined);
    const outputs = known.length === shapes.length ? kind.outputs(config, known) : undefined;
    if (outputs) this.checkWeights(kind.weights(config, known), weights);
    const layer = this.push(kindName, config, inputs, weights, suffix);
    const order = inputs[0]?.order;
    return (outputs ?? [undefined]).map((shape, output) => ({
      ref: { layer: layer.id, call: 0, output },
      ...(shape && { shape }),
      ...(order && shape?.length === order.length && { order }),
      ...(order && !shape && { order }),
    }));
  }

  /** A layer that can be drawn and cut away, with what is known of it. */
  addOpaque(
    kind: string,
    config: LayerConfig,
    inputs: readonly Value[],
    weights: readonly WeightRef[],
    opaque: string,
  ): Layer {
    const layer = { ...this.push(kind, config, inputs, weights, undefined), opaque };
    this.layers[this.layers.length - 1] = layer;
    this.report.push({
      severity: 'warning',
      code: 'LAYER_KIND_UNKNOWN',
      layer: layer.name,
      message: t('{0}; it can be shown and cut away, not trained', opaque),
    });
    return layer;
  }

  addInput(name: string, shape: Shape, order: AxisOrder): Value {
    this.begin(name);
    const value = this.add({ kind: 'InputLayer', config: { batch_shape: shape }, inputs: [] });
    return { ...value, order };
  }

  /** The tensor with its axes in that order of ONNX's, permuted where they are not. */
  ordered(value: Value, order: AxisOrder): Value {
    if (!value.order || sameOrder(value.order, order)) return value;
    if (value.order.length !== order.length) {
      throw new Unsupported(t('found a tensor of {0} axes, expected {1}', value.order.length, order.length));
    }
    const dims = order.map((axis) => value.order?.indexOf(axis) ?? 0);
    if (dims[0] !== 0) throw new Unsupported(t('it moves the axis of the batch'));
    const { nonNegative } = value;
    const config = { dims: dims.slice(1) };
    const moved = this.add({ kind: 'Permute', config, inputs: [value], suffix: 'permute' });
    return { ...moved, order, ...(nonNegative && { nonNegative }) };
  }

  /** The tensor as ONNX has it, features of flattened images included. */
  plain(value: Value): Value {
    if (!value.flattened) return value.order ? this.ordered(value, identityOrder(value.order.length)) : value;
    const { sizes, strides } = value.flattened;
    const dims = strides.map((_, axis) => axis).sort((a, b) => (strides[b] ?? 0) - (strides[a] ?? 0));
    const image = this.add({
      kind: 'Reshape',
      config: { target_shape: sizes },
      inputs: [{ ref: value.ref, ...(value.shape && { shape: value.shape }) }],
      suffix: 'image',
    });
    const config = { dims: dims.map((axis) => axis + 1) };
    const moved = this.add({ kind: 'Permute', config, inputs: [image], suffix: 'permute' });
    const flat = this.add({ kind: 'Flatten', inputs: [moved], suffix: 'flatten' });
    return { ...flat, order: [0, 1], ...(value.nonNegative && { nonNegative: true }) };
  }

  private push(
    kind: string,
    config: LayerConfig,
    inputs: readonly Value[],
    weights: readonly WeightRef[],
    suffix: string | undefined,
  ): Layer {
    const stem = suffix === undefined ? this.stem : `${this.stem}_${suffix}`;
    let name = stem;
    // Where many nodes share a name, counting goes on from where it stopped.
    let count = this.counts.get(stem) ?? 0;
    while (this.taken.has(name)) name = `${stem}_${++count}`;
    if (count > 0) this.counts.set(stem, count);
    this.taken.add(name);
    const layer: Layer = {
      id: `onnx-${this.layers.length}`,
      name,
      kind,
      config,
      calls: [{ inputs: inputs.map((input) => input.ref) }],
      weights,
      trainable: true,
      group: groupOf(stem),
    };
    this.layers.push(layer);
    return layer;
  }

  private checkWeights(
    specs: readonly { readonly name: string; readonly shape: readonly number[] }[],
    weights: readonly WeightRef[],
  ): void {
    for (const { name, shape } of specs) {
      const found = weights.find((weight) => weight.name === name);
      const fits =
        found?.shape.length === shape.length && found.shape.every((size, axis) => size === shape[axis]);
      if (fits) continue;
      const shown = found ? t('sizes [{0}]', found.shape.join(', ')) : t('none');
      throw new Unsupported(t('found {0} of {1}, expected [{2}]', shown, name, shape.join(', ')));
    }
  }
}

function groupOf(stem: string): readonly string[] {
  const steps = stem.split(/[/.]/).filter((step) => step !== '');
  return steps.length > MAX_PATH_STEPS ? [] : steps.slice(0, -1);
}

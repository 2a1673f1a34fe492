import type { Inference } from '../graph/infer';
import { inferShapes, shapeOf } from '../graph/infer';
import type { Layer, LayerGraph, LayerId, Shape, WeightRef } from '../graph/layerGraph';
import { layersById } from '../graph/lookup';
import { kindNamed } from '../layers/catalogue';
import type { WeightSpec } from '../layers/kind';
import { ShapeMismatch } from '../layers/kind';
import { freshWeight } from './fresh';

/** A graph and what its shapes say. */
export interface Inferred {
  readonly graph: LayerGraph;
  readonly inference: Inference;
}

/** Weights read from a file that a layer's new shapes have no use for. */
export interface LostWeights {
  readonly layer: Layer;
  readonly weights: readonly WeightRef[];
  readonly inputs: readonly Shape[];
}

/**
 * Gives every layer that an operation touched, or feeds differently, the weights that its kind now calls for. A weight
 * whose shape still fits is kept; the others start from their initializers. A layer whose shapes are not known keeps
 * what it has: the fault that hides them says why, and a later operation that mends it comes here again.
 *
 * @param asTheyAre layers whose weights are left alone: where those do not fit, that is a fault
 */
export function settleWeights(
  before: Inferred,
  changed: LayerGraph,
  asTheyAre: ReadonlySet<LayerId> = new Set(),
): Inferred & { readonly lost: readonly LostWeights[] } {
  const inference = inferShapes(changed);
  const earlier = layersById(before.graph);
  const lost: LostWeights[] = [];
  const layers = changed.layers.map((layer) => {
    const inputs = inputShapes(inference, layer);
    if (!inputs || asTheyAre.has(layer.id)) return layer;
    const old = earlier.get(layer.id);
    if (old === layer && sameShapes(inputs, inputShapes(before.inference, old))) return layer;
    const specs = expectedWeights(layer, inputs);
    if (!specs) return layer;
    const weights = specs.map((spec) => layer.weights.find(fits(spec)) ?? freshWeight(layer, spec));
    if (
      weights.length === layer.weights.length &&
      weights.every((weight, at) => weight === layer.weights[at])
    ) {
      return layer;
    }
    const dropped = layer.weights.filter(
      (weight) => !weights.includes(weight) && weight.source.from !== 'initializer',
    );
    if (dropped.length > 0) lost.push({ layer, weights: dropped, inputs });
    return { ...layer, weights };
  });
  if (layers.every((layer, at) => layer === changed.layers[at])) return { graph: changed, inference, lost };
  const graph = { ...changed, layers };
  return { graph, inference: inferShapes(graph), lost };
}

/** What the layer's first call is fed; `undefined` where any of it is unknown. */
export function inputShapes(inference: Inference, layer: Layer): readonly Shape[] | undefined {
  const shapes = (layer.calls[0]?.inputs ?? []).map((tensor) => shapeOf(inference, tensor));
  const known = shapes.filter((shape) => shape !== undefined);
  return known.length === shapes.length ? known : undefined;
}

function expectedWeights(layer: Layer, inputs: readonly Shape[]): readonly WeightSpec[] | undefined {
  const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
  if (!kind || inputs.length < kind.arity[0]) return undefined;
  try {
    return kind.weights(layer.config, inputs);
  } catch (error) {
    if (error instanceof ShapeMismatch) return undefined;
    throw error;
  }
}

const fits = (spec: WeightSpec) => (weight: WeightRef) =>
  weight.name === spec.name && weight.role === spec.role && sameShape(weight.shape, spec.shape);

const sameShape = (a: Shape, b: Shape) => a.length === b.length && a.every((size, axis) => size === b[axis]);

function sameShapes(a: readonly Shape[], b: readonly Shape[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((shape, at) => sameShape(shape, b[at] ?? []));
}
